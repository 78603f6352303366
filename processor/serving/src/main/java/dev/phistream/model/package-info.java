/**
 * Networks as data: block tables, compound scaling, the operation graph, weights and their file
 * formats. It runs nothing and knows no engine.
 */
@NullMarked
package dev.phistream.model;

import org.jspecify.annotations.NullMarked;
