package org.waldur.siteagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.waldur.siteagent.config.AgentConfig;
import org.waldur.siteagent.config.ConfigFile;
import org.waldur.siteagent.config.Configs;

/** The shipped routes with Camel's own test kit: every step can be woven by its id, and the timer replaced. */
class CamelTestKitTest extends CamelTestSupport {
    @TempDir
    private static Path folder;
    private Settings settings;

    @Override
    protected CamelContext createCamelContext() throws Exception {
        Path config = Files.writeString(folder.resolve("config.yaml"), Configs.filledIn());
        AgentConfig agent = ConfigFile.load(config, Map.of("STATE_DIRECTORY", folder.toString())).config();
        settings = new Settings(agent, Path.of("routes").toAbsolutePath(), agent.offerings(), Set.of(), true, false, Map.of("waldur.retry_delay", "1"));
        CamelContext context = new Agent(settings, plan -> { }).context();
        context.setAutoStartup(true);
        try (Stream<Path> files = Files.list(settings.routes())) {
            for (Path file : files.sorted().toList()) {
                PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.resolveMandatoryResource(context, "file:" + file));
            }
        }
        return context;
    }

    private MockEndpoint waldur() throws Exception {
        AdviceWith.adviceWith(context, "waldur-send", advice -> advice.weaveById("send").replace().to("mock:waldur"));
        return getMockEndpoint("mock:waldur");
    }

    @Test
    void anIdleCycleAsksForOpenOrdersAndOnceForTheOffering() throws Exception {
        MockEndpoint waldur = waldur();
        waldur.whenAnyExchangeReceived(exchange -> exchange.getMessage().setBody(path(exchange).equals("marketplace-orders/") ? "[]" : "{}"));
        template.send("direct:order-process-cycle", exchange -> { });
        template.send("direct:order-process-cycle", exchange -> { });
        assertThat(waldur.getReceivedExchanges()).extracting(CamelTestKitTest::path).satisfiesExactly(orders -> assertThat(orders).isEqualTo("marketplace-orders/"),
                offering -> assertThat(offering).startsWith("marketplace-provider-offerings/"), orders -> assertThat(orders).isEqualTo("marketplace-orders/"));
    }

    private static String path(Exchange exchange) {
        return exchange.getMessage().getHeader(Exchange.HTTP_PATH, String.class);
    }

    @Test
    void waldurIsAskedAgainWhileItsTroubleMayPass() throws Exception {
        MockEndpoint waldur = waldur();
        waldur.whenAnyExchangeReceived(exchange -> exchange.getMessage().setBody("<html>"));
        template.send("direct:order-process-cycle", exchange -> { });
        assertThat(waldur.getReceivedExchanges()).hasSize(4);
        assertThat(Files.list(folder.resolve("dead-letters"))).hasSize(1);
    }

    /** A GPU that is built in later is seen without a restart. */
    @Test
    void theTresAreAskedForOnceAndAgainWhileAComponentIsNoneOfThem() throws Exception {
        AdviceWith.adviceWith(context, "read-tres", advice -> advice.weaveById("run-show-tres").replace().to("mock:sacctmgr"));
        MockEndpoint sacctmgr = getMockEndpoint("mock:sacctmgr");
        for (String answer : List.of("Type|Name\ncpu|\n", "Type|Name\ncpu|\nmem|\ngres|gpu\n", "nobody asks")) {
            sacctmgr.whenAnyExchangeReceived(exchange -> exchange.getMessage().setBody(answer));
            Exchange exchange = template.send("direct:read-tres", e -> e.setVariable("offering", settings.offerings().get(0)));
            assertThat(exchange.getException()).isNull();
        }
        assertThat(sacctmgr.getReceivedExchanges()).hasSize(2);
    }

    @Test
    void theTimerIsOnlyStartedForItsMode() {
        assertThat(context.getRouteController().getRouteStatus("order-process").isStarted()).isFalse();
        assertThat(context.getRouteController().getRouteStatus("process-orders").isStarted()).isTrue();
    }
}
