package dev.phistream.weights;

import dev.phistream.model.ModelException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a pickle without executing it. A pickle is a program for a stack machine that may call any
 * function of Python; this machine knows only the instructions that build numbers, texts, lists,
 * tuples and dictionaries, and the few calls with which PyTorch describes tensors. It refuses all
 * others. Instructions are those of Python's {@code pickletools}, protocols 0 to 5 as PyTorch uses
 * them.
 *
 * <p>Dictionaries come as {@link Map}s, lists and tuples as {@link List}s, tensors as {@link
 * TensorView}s, None as {@link #NONE}.
 */
final class PickleReader {
  /** Python's None. */
  static final Object NONE = new Object();

  private static final Object MARK = new Object();
  private static final int LONGEST_TEXT = 1 << 20;
  private static final int MOST_OBJECTS = 10_000_000;
  private static final Set<String> DICTIONARIES =
      Set.of("collections.OrderedDict", "builtins.dict", "__builtin__.dict");
  private static final Set<String> TENSORS =
      Set.of("torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor");
  private static final String PARAMETER = "torch._utils._rebuild_parameter";
  private static final String SIZE = "torch.Size";

  /** A function or class of Python, by its full name. It is never called. */
  record Global(String name) {}

  /** What a pickle refers to that lies outside it: for PyTorch, the bytes of a tensor. */
  record Storage(String type, String key, long elements) {}

  /**
   * A tensor as a view of a storage, all in elements.
   *
   * @param strides from one value to the next along each dimension
   */
  record TensorView(Storage storage, long offset, List<Long> shape, List<Long> strides) {}

  private final ByteBuffer in;
  private final String place;
  private final Deque<Object> stack = new ArrayDeque<>();
  private final Map<Integer, Object> memo = new HashMap<>();
  private int objects;

  /**
   * Reads from a buffer's position on; after {@link #read} it stands behind the pickle.
   *
   * @param place what messages call the file
   */
  PickleReader(ByteBuffer in, String place) {
    this.in = in.order(ByteOrder.LITTLE_ENDIAN);
    this.place = place;
  }

  /**
   * Reads one pickle.
   *
   * @throws ModelException when it is cut off or does anything but build data and tensors
   */
  Object read() throws ModelException {
    stack.clear();
    memo.clear();
    try {
      while (true) {
        int instruction = in.get() & 0xff;
        if (instruction == '.') {
          return pop();
        }
        execute(instruction);
        if (++objects > MOST_OBJECTS) {
          throw damaged("more than %d instructions".formatted(MOST_OBJECTS));
        }
      }
    } catch (BufferUnderflowException e) {
      throw damaged("it ends too early");
    }
  }

  private void execute(int instruction) throws ModelException {
    switch (instruction) {
      case 0x80 -> protocol(in.get() & 0xff);
      case 0x95 -> in.getLong(); // a frame's length, for readers of streams
      case '(' -> push(MARK);
      case '0' -> pop();
      case '1' -> popToMark();
      case '2' -> push(top());
      case 'N' -> push(NONE);
      case 0x88 -> push(true);
      case 0x89 -> push(false);
      case 'J' -> push((long) in.getInt());
      case 'K' -> push((long) (in.get() & 0xff));
      case 'M' -> push((long) (in.getShort() & 0xffff));
      case 0x8a -> push(number(in.get() & 0xff));
      case 'G' -> push(Double.longBitsToDouble(Long.reverseBytes(in.getLong())));
      case 'I', 'L' -> push(line());
      case 'F' -> push(line());
      case 'X' -> push(text(in.getInt()));
      case 0x8c -> push(text(in.get() & 0xff));
      case 0x8d -> push(text(in.getLong()));
      case 'T' -> push(text(in.getInt()));
      case 'U' -> push(text(in.get() & 0xff));
      case 'V' -> push(line());
      case 'B' -> push(text(in.getInt()));
      case 'C' -> push(text(in.get() & 0xff));
      case '}' -> push(new LinkedHashMap<>());
      case ']' -> push(new ArrayList<>());
      case ')' -> push(List.of());
      case 't' -> push(List.copyOf(popToMark()));
      case 'l' -> push(new ArrayList<>(popToMark()));
      case 'd' -> push(put(new LinkedHashMap<>(), popToMark()));
      case 0x85 -> tuple(1);
      case 0x86 -> tuple(2);
      case 0x87 -> tuple(3);
      case 's' -> {
        Object value = pop();
        Object key = pop();
        put(dictionary(), List.of(key, value));
      }
      case 'u' -> {
        List<Object> pairs = popToMark();
        put(dictionary(), pairs);
      }
      case 'a' -> {
        Object value = pop();
        list().add(value);
      }
      case 'e' -> {
        List<Object> values = popToMark();
        list().addAll(values);
      }
      case 'q' -> memo.put(in.get() & 0xff, top());
      case 'r' -> memo.put(in.getInt(), top());
      case 'p' -> memo.put(index(line()), top());
      case 0x94 -> memo.put(memo.size(), top());
      case 'h' -> push(remembered(in.get() & 0xff));
      case 'j' -> push(remembered(in.getInt()));
      case 'g' -> push(remembered(index(line())));
      case 'c' -> push(new Global(line() + "." + line()));
      case 0x93 -> {
        Object name = pop();
        push(new Global(pop() + "." + name));
      }
      case 'Q' -> push(storage(pop()));
      case 'R' -> {
        List<?> arguments = listed(pop(), "a tuple of arguments");
        push(call(pop(), arguments));
      }
      case 'b' -> pop(); // attributes, such as a state's _metadata
      default ->
          throw damaged(
              "instruction 0x%02x (expected: one that builds data or tensors)"
                  .formatted(instruction));
    }
  }

  private void protocol(int version) throws ModelException {
    if (version > 5) {
      throw damaged("protocol %d (expected: at most 5)".formatted(version));
    }
  }

  /** Stands in for what PyTorch would call. */
  private Object call(Object function, List<?> arguments) throws ModelException {
    String name = function instanceof Global global ? global.name() : "something";
    if (DICTIONARIES.contains(name) && arguments.isEmpty()) {
      return new LinkedHashMap<>();
    }
    if (DICTIONARIES.contains(name) && arguments.size() == 1) {
      Map<Object, Object> dictionary = new LinkedHashMap<>();
      for (Object pair : listed(arguments.get(0), "a list of pairs")) {
        put(dictionary, listed(pair, "a pair"));
      }
      return dictionary;
    }
    if (TENSORS.contains(name) && arguments.size() >= 4) {
      return tensor(arguments);
    }
    if (name.equals(PARAMETER) && !arguments.isEmpty()) {
      return arguments.get(0);
    }
    if (name.equals(SIZE) && arguments.size() == 1) {
      return arguments.get(0);
    }
    throw new ModelException(
        "%s: it calls %s (expected: only tensors and dictionaries; in Python, save them alone: torch.save(model.state_dict(), FILE))"
            .formatted(place, name));
  }

  private TensorView tensor(List<?> arguments) throws ModelException {
    if (!(arguments.get(0) instanceof Storage storage)) {
      throw damaged("a tensor without a storage");
    }
    return new TensorView(
        storage, whole(arguments.get(1)), wholes(arguments.get(2)), wholes(arguments.get(3)));
  }

  /** PyTorch's: ('storage', type, key, device, elements, …). */
  private Storage storage(Object reference) throws ModelException {
    List<?> parts = listed(reference, "a reference to a storage");
    if (parts.size() < 5
        || !"storage".equals(parts.get(0))
        || !(parts.get(1) instanceof Global type)
        || !(parts.get(2) instanceof String key)) {
      throw damaged("a reference to something else than a storage");
    }
    return new Storage(type.name(), key, whole(parts.get(4)));
  }

  private Map<Object, Object> put(Map<Object, Object> dictionary, List<?> pairs)
      throws ModelException {
    if (pairs.size() % 2 != 0) {
      throw damaged("a key without a value");
    }
    for (int i = 0; i < pairs.size(); i += 2) {
      Object key = pairs.get(i);
      // Only texts and numbers: a container as a key could hold itself.
      if (!(key instanceof String || key instanceof Number || key instanceof Boolean)) {
        throw damaged("a key that is neither a text nor a number");
      }
      dictionary.put(key, pairs.get(i + 1));
    }
    return dictionary;
  }

  private void tuple(int size) throws ModelException {
    Object[] values = new Object[size];
    for (int i = size - 1; i >= 0; i--) {
      values[i] = pop();
    }
    push(List.of(values));
  }

  private void push(Object value) {
    stack.push(value);
  }

  private Object pop() throws ModelException {
    if (stack.isEmpty()) {
      throw damaged("nothing on the stack");
    }
    return stack.pop();
  }

  private Object top() throws ModelException {
    Object top = stack.peek();
    if (top == null) {
      throw damaged("nothing on the stack");
    }
    return top;
  }

  private List<Object> popToMark() throws ModelException {
    List<Object> values = new ArrayList<>();
    for (Object value = pop(); value != MARK; value = pop()) {
      values.add(value);
    }
    Collections.reverse(values);
    return values;
  }

  private Object remembered(int index) throws ModelException {
    Object value = memo.get(index);
    if (value == null) {
      throw damaged("nothing remembered as %d".formatted(index));
    }
    return value;
  }

  @SuppressWarnings("unchecked")
  private Map<Object, Object> dictionary() throws ModelException {
    if (top() instanceof Map<?, ?> map) {
      return (Map<Object, Object>) map;
    }
    throw damaged("an item for something else than a dictionary");
  }

  @SuppressWarnings("unchecked")
  private List<Object> list() throws ModelException {
    if (top() instanceof ArrayList<?> list) {
      return (List<Object>) list;
    }
    throw damaged("an item for something else than a list");
  }

  private List<?> listed(Object value, String expected) throws ModelException {
    if (value instanceof List<?> list) {
      return list;
    }
    throw damaged("no list (expected: %s)".formatted(expected));
  }

  private List<Long> wholes(Object value) throws ModelException {
    List<Long> wholes = new ArrayList<>();
    for (Object element : listed(value, "whole numbers")) {
      wholes.add(whole(element));
    }
    return List.copyOf(wholes);
  }

  private long whole(@Nullable Object value) throws ModelException {
    if (value instanceof Long number && number >= 0) {
      return number;
    }
    throw damaged("%s (expected: a whole number from 0 on)".formatted(value));
  }

  private int index(String line) throws ModelException {
    try {
      return Integer.parseInt(line);
    } catch (NumberFormatException e) {
      throw damaged("'%s' (expected: a number)".formatted(line));
    }
  }

  /** Little-endian two's complement of up to eight bytes; longer numbers tell nothing here. */
  private Object number(int bytes) throws ModelException {
    byte[] digits = bytes(bytes);
    if (bytes > Long.BYTES) {
      return "a long number";
    }
    long value = bytes > 0 && digits[bytes - 1] < 0 ? -1 : 0;
    for (int i = bytes - 1; i >= 0; i--) {
      value = (value << 8) | (digits[i] & 0xff);
    }
    return value;
  }

  private String text(long length) throws ModelException {
    return new String(bytes(length), StandardCharsets.UTF_8);
  }

  private byte[] bytes(long length) throws ModelException {
    if (length < 0 || length > Math.min(LONGEST_TEXT, in.remaining())) {
      throw damaged("a text of %d bytes".formatted(length));
    }
    byte[] bytes = new byte[(int) length];
    in.get(bytes);
    return bytes;
  }

  private String line() throws ModelException {
    int start = in.position();
    while (in.get() != '\n') {
      if (in.position() - start > LONGEST_TEXT) {
        throw damaged("a line without an end");
      }
    }
    byte[] line = new byte[in.position() - start - 1];
    in.get(start, line);
    return new String(line, StandardCharsets.UTF_8);
  }

  private ModelException damaged(String what) {
    return new ModelException(
        "%s: its pickle is damaged: %s (expected: a whole file, as torch.save writes it)"
            .formatted(place, what));
  }
}
