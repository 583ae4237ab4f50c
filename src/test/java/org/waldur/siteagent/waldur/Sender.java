package org.waldur.siteagent.waldur;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.config.Secret;
import org.waldur.siteagent.membership.Membership;
import org.waldur.siteagent.membership.Teams;
import org.waldur.siteagent.order.Orders;
import org.waldur.siteagent.plan.Changes;
import org.waldur.siteagent.plan.Selection;
import org.waldur.siteagent.usage.Bookings;
import org.waldur.siteagent.usage.PlanSwitches;
import org.waldur.siteagent.usage.Reports;

/** The shipped requests to Waldur in a Camel of their own, with the http component as the agent configures it. */
final class Sender implements AutoCloseable {
    static final String TOKEN = "the-token";
    final DefaultCamelContext context = new DefaultCamelContext();
    final ProducerTemplate template = context.createProducerTemplate();

    Sender(Offering... offerings) throws Exception {
        this(Bounds.USUAL, offerings);
    }

    Sender(Bounds bounds, Offering... offerings) throws Exception {
        Map.of("waldurRequest", new Request(), "waldurRows", new Rows(), "features", new Features(), "patience", new Patience(),
                "serverClock", new ServerClock(Clock.systemUTC()), "orders", new Orders(true, null),
                "reports", new Reports(Clock.systemUTC(), null, null, null, null, null, report -> { }), "bookings", new Bookings(Clock.systemUTC(), null, null, null, null),
                "planSwitches", new PlanSwitches(Clock.systemUTC(), null, null)).forEach(context.getRegistry()::bind);
        Teams teams = new Teams(new Features());
        Map.of("teams", teams, "membership", new Membership(teams, Path.of("target"), null, Clock.systemUTC(), new Membership.Options(Selection.ALL, "", false), facts -> { }),
                "changes", new Changes(plan -> { })).forEach(context.getRegistry()::bind);
        context.getPropertiesComponent().addOverrideProperty("waldur.given_up_after", "3");
        context.getPropertiesComponent().addOverrideProperty("waldur.look_again_after", "1");
        WaldurClient.configure(context, new WaldurClient(List.of(offerings), "waldur-site-agent-test/1", bounds));
        PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.resolveMandatoryResource(context, "file:routes/waldur.camel.yaml"));
        context.start();
    }

    static Offering offering(String apiUrl) {
        return offering(apiUrl, true, null, null);
    }

    /** Named after the host of its Waldur. */
    static Offering offering(String apiUrl, boolean verifySsl, Path caFile, String proxy) {
        URI api = URI.create(apiUrl);
        return new Offering("at " + api.getHost(), UUID.randomUUID().toString().replace("-", ""), api, new Secret(TOKEN), verifySsl,
                Optional.ofNullable(caFile), Optional.ofNullable(proxy).map(URI::create), "slurm", Set.of(), false, ZoneOffset.UTC, null, Map.of());
    }

    /** The body of the answer; throws what really happened. */
    String send(Offering offering, String request, String body) throws Throwable {
        return send("direct:waldur-send", exchange -> {
            exchange.setVariable("offering", offering);
            exchange.setVariable("request", request);
            exchange.getMessage().setBody(body);
        });
    }

    String send(String endpoint, Processor prepare) throws Throwable {
        Exchange exchange = template.send(endpoint, prepare);
        if (exchange.getException() != null) {
            throw Refusal.cause(exchange.getException());
        }
        return exchange.getMessage().getBody(String.class);
    }

    @Override
    public void close() {
        context.stop();
    }
}
