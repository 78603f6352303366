package dev.phistream.topology;

import dev.phistream.routing.Router;
import dev.phistream.wire.EventReader;
import java.util.List;

/**
 * What the routing processor works with; shared by all tasks, so each part is thread-safe.
 *
 * @param router chooses the variant
 * @param variants that it may choose
 * @param predicting whether the router's predictions say something; else a latency budget only
 *     makes an event urgent
 * @param reader makes events of records
 * @param topics where things come from and go
 * @param safeguards keep one record from stopping the stream
 */
public record RouteParts(
    Router router,
    List<String> variants,
    boolean predicting,
    EventReader reader,
    TopicNames topics,
    Safeguards safeguards) {}
