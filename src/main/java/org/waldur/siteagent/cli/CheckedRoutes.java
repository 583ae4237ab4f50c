package org.waldur.siteagent.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.waldur.siteagent.config.Mode;
import org.waldur.siteagent.route.Mistake;
import org.waldur.siteagent.route.Needs;
import org.waldur.siteagent.route.RouteCheck;

/** The check of the routes in use, against what the agent binds and what its commands call. */
final class CheckedRoutes {
    private CheckedRoutes() {
    }

    /** Before every start: a method that is misspelt would otherwise be found when an order needs it. Throws {@link WrongConfig} with all mistakes. */
    static void read(Settings settings, CamelContext context) {
        try {
            refuse(RouteCheck.read(settings.routes(), needs(settings), context));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same with Camel's own view. */
    static void build(Settings settings) throws Exception {
        refuse(RouteCheck.build(settings.routes(), needs(settings), new Agent(settings, plan -> { }).context()));
    }

    /** What routes may name, and what the commands name of the routes. */
    static Needs needs(Settings settings) {
        Set<String> timed = Arrays.stream(Mode.values()).map(mode -> mode.job() + "-cycle").collect(Collectors.toSet());
        Set<String> needed = new HashSet<>(timed);
        needed.addAll(Set.of("load-components-cycle", "audit-usage-cycle", "load-usage-cycle", "create-homedirs-cycle", "import-accounts-cycle"));
        // those that diagnostics asks
        needed.addAll(Set.of("waldur-who-am-i", "waldur-get-offering", "waldur-read-version", "waldur-read-features", "read-slurm-version", "read-cluster", "list-live-jobs"));
        return new Needs(settings.properties().stringPropertyNames(), needed, timed);
    }

    private static void refuse(List<Mistake> mistakes) {
        if (!mistakes.isEmpty()) {
            throw new WrongConfig(mistakes.stream().map(Mistake::text).collect(Collectors.joining("\n")));
        }
    }
}
