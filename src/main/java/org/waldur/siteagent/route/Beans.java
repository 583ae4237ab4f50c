package org.waldur.siteagent.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.spi.RoutePolicy;
import org.waldur.siteagent.text.Nearest;

/** Whether the beans that routes name exist, and can do what they are named for. Camel looks some of them up only when something has failed. */
final class Beans {
    private static final Map<String, Class<?>> NAMED = Map.of("onExceptionOccurredRef", Processor.class, "onRedeliveryRef", Processor.class,
            "retryWhile", Object.class, "redeliveryPolicyRef", Object.class, "aggregationStrategy", AggregationStrategy.class,
            "routePolicyRef", RoutePolicy.class, "errorHandlerRef", Object.class, "executorService", Object.class);

    private Beans() {
    }

    static List<Mistake> mistakes(RouteFiles files, CamelContext context) {
        List<Mistake> mistakes = new ArrayList<>();
        files.top.stream().flatMap(Entry::all).forEach(entry -> {
            Class<?> wanted = NAMED.get(entry.key());
            if (wanted != null) {
                look(entry, wanted, context, mistakes);
            } else if (entry.key().equals("process")) {
                entry.get("ref").ifPresent(ref -> look(ref, Processor.class, context, mistakes));
            }
        });
        return mistakes;
    }

    private static void look(Entry named, Class<?> wanted, CamelContext context, List<Mistake> mistakes) {
        String name = named.text().replaceFirst("^#(bean:)?", "");
        if (name.isEmpty() || name.contains("{")) {
            return;
        }
        if (name.startsWith("class:")) {
            if (context.getClassResolver().resolveClass(name.substring("class:".length()).replaceFirst("[(#].*", "")) == null) {
                mistakes.add(named.mistake("there is no class " + name.substring("class:".length()), ""));
            }
            return;
        }
        Object bean = context.getRegistry().lookupByName(name);
        Map<String, Object> fitting = new TreeMap<>(context.getRegistry().findByTypeWithName(wanted));
        String advice = fitting.isEmpty() ? "" : "the nearest is " + Nearest.of(name, fitting.keySet());
        if (bean == null) {
            mistakes.add(named.mistake("there is no bean " + name, advice));
        } else if (!wanted.isInstance(bean)) {
            mistakes.add(named.mistake("the bean " + name + " is no " + wanted.getSimpleName(), advice));
        }
    }
}
