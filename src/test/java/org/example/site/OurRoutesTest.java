package org.example.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.Test;
import org.waldur.siteagent.cli.RoutesTestSupport;
import org.waldur.siteagent.config.Mode;

class OurRoutesTest extends RoutesTestSupport {
    @Override
    protected Path routes() {
        return Path.of("routes");
    }

    @Override
    protected Path config() {
        return Path.of("examples/waldur-site-agent-config.yaml.example");
    }

    @Test
    void anOrderMakesAnAccount() throws Exception {
        waldur().join(offering().uuid(), "brains", "alice");
        slurm().addLinuxUsers("alice");
        String order = waldur().create(offering().uuid(), "Brain images", "brains", "university", Map.of("cpu", 10));
        cycle(Mode.ORDER_PROCESS);
        assertEquals("done", waldur().order(order).get("state"));
        assertTrue(slurm().accounts().stream().anyMatch(account -> account.name().equals("hpc_brain-images")));
    }

    @Test
    void theHookIsCalledForANewAccount() throws Exception {
        AdviceWith.adviceWith(context, "after-account-created", advice -> advice.weaveAddLast().to("mock:created"));
        MockEndpoint created = getMockEndpoint("mock:created");
        created.expectedMessageCount(1);
        waldur().create(offering().uuid(), "Brain images", "brains", "university", Map.of("cpu", 10));
        cycle(Mode.ORDER_PROCESS);
        created.assertIsSatisfied();
    }
}
