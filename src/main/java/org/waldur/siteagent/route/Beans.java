package org.waldur.siteagent.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.camel.CamelContext;

/** Whether the beans that routes name exist. Camel looks some of them up only when something has failed. */
final class Beans {
    private static final Set<String> NAMED = Set.of("onExceptionOccurredRef", "onRedeliveryRef", "retryWhile", "redeliveryPolicyRef");

    private Beans() {
    }

    static List<Mistake> mistakes(RouteFiles files, CamelContext context) {
        List<Mistake> mistakes = new ArrayList<>();
        files.top.forEach(entry -> look(entry, context, mistakes));
        return mistakes;
    }

    private static void look(Entry entry, CamelContext context, List<Mistake> mistakes) {
        for (Entry child : entry.children()) {
            boolean names = child.key().equals("ref") || NAMED.contains(child.key()) || child.key().equals("aggregationStrategy");
            String bean = child.text().replaceFirst("^#(bean:)?", "");
            if (names && !bean.isEmpty() && !bean.startsWith("class:") && !bean.contains("{") && context.getRegistry().lookupByName(bean) == null) {
                mistakes.add(child.mistake("there is no bean " + bean, "one of those that the shipped routes name"));
            }
            look(child, context, mistakes);
        }
    }
}
