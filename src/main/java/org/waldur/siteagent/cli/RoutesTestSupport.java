package org.waldur.siteagent.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.waldur.siteagent.config.AgentConfig;
import org.waldur.siteagent.config.ConfigFile;
import org.waldur.siteagent.config.Mode;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.rehearsal.Outside;
import org.waldur.siteagent.rehearsal.Stage;
import org.waldur.siteagent.route.RouteCheck;
import org.waldur.siteagent.simulator.SlurmSimulator;
import org.waldur.siteagent.simulator.WaldurSimulator;

/**
 * For a site's own tests of its routes with Camel's test kit: a Camel in which each test finds the routes of a folder, with all that they name, between a Waldur
 * and a Slurm that exist in memory only. Nothing is run or sent outside. A step can be replaced by its id ({@code AdviceWith.weaveById}), and mocks be looked at.
 * On the class path: the jar of the agent and its libraries, and org.apache.camel:camel-test-junit5 of the same version as the agent's Camel. No timer runs.
 */
public abstract class RoutesTestSupport extends CamelTestSupport {
    private Path folder;
    private Stage stage;
    private Offering offering;

    /** The folder of the routes. */
    protected abstract Path routes();

    /** The config; its tokens need not be there. The first of its offerings is played. */
    protected abstract Path config();

    /** Properties that the routes may name besides the usual ones, like {@code site.qos}. */
    protected Map<String, String> properties() {
        return Map.of();
    }

    /** The Waldur, in which there is the offering and nobody who has ordered anything. */
    protected WaldurSimulator waldur() {
        return stage.waldur();
    }

    /** The cluster, with root's account only. */
    protected SlurmSimulator slurm() {
        return stage.slurm();
    }

    /** What a site's own programs were called with, and what would have been sent anywhere but to Waldur. */
    protected Outside outside() {
        return stage.outside();
    }

    /** As in the config, but in the Waldur of the test. */
    protected Offering offering() {
        return offering;
    }

    /** One cycle of a mode. Throws what has ended it. */
    protected void cycle(Mode mode) throws Exception {
        Exchange cycle = template.send("direct:" + mode.job() + "-cycle", exchange -> { });
        if (cycle.getException() != null) {
            throw cycle.getException();
        }
    }

    @Override
    protected CamelContext createCamelContext() throws Exception {
        folder = Files.createTempDirectory("waldur-site-agent-test");
        AgentConfig whole = ConfigFile.loadWithoutSecrets(config(), Map.of()).config();
        stage = Stage.empty(folder, whole.offerings().get(0));
        AgentConfig played = stage.config(whole);
        offering = played.offerings().get(0);
        StateDir.prepare(played.stateDir());
        Map<String, String> all = new HashMap<>(stage.properties());
        all.putAll(properties());
        Settings settings = new Settings(played, routes().toAbsolutePath(), played.offerings(), Set.of(), true, false, all);
        CamelContext context = new Agent(settings, plan -> { }, stage.clock()).rehearse(stage.outside(), route -> { }).context();
        context.setAutoStartup(true);
        try (Stream<Path> files = Files.list(settings.routes())) {
            for (Path file : files.filter(f -> f.getFileName().toString().endsWith(RouteCheck.EXTENSION)).sorted().toList()) {
                PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.resolveMandatoryResource(context, "file:" + file));
            }
        }
        return context;
    }

    @Override
    protected void doPostTearDown() throws Exception {
        super.doPostTearDown();
        close();
    }

    private void close() {
        try {
            stage.close();
            Folders.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
