package org.waldur.siteagent.order;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;

/**
 * Collects what the parts of a split have made into one list, in their order. A part that failed has made nothing: its body is of
 * another type, and it must never become the result, because its marks would silently end the route.
 */
public final class Collect implements AggregationStrategy {
    private final Class<?> kind;

    public Collect(Class<?> kind) {
        this.kind = kind;
    }

    @Override
    public Exchange aggregate(Exchange old, Exchange part) {
        throw new UnsupportedOperationException("the input is needed to collect into");
    }

    @Override
    public Exchange aggregate(Exchange old, Exchange part, Exchange input) {
        List<Object> collected = old == null ? new ArrayList<>() : collected(input);
        if (part != null && part.getException() == null && kind.isInstance(part.getMessage().getBody())) {
            collected.add(part.getMessage().getBody());
        }
        input.getMessage().setBody(collected);
        return input;
    }

    @SuppressWarnings("unchecked")
    private static List<Object> collected(Exchange input) {
        return (List<Object>) input.getMessage().getBody(List.class);
    }
}
