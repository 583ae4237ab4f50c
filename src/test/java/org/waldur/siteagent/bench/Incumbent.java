package org.waldur.siteagent.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.waldur.siteagent.simulator.WaldurFault;
import org.waldur.siteagent.simulator.WaldurSimulator;

/** The Python agent that ours is compared with. */
final class Incumbent {
    /** An identity, a service and a processor of it in one: Waldur shows them to administrators. */
    private static final String IDENTITY = """
            {"uuid": "00000000000000000000000000000001", "url": "http://localhost/", "name": "agent", "created": "2026-01-01T00:00:00Z",
             "modified": "2026-01-01T00:00:00Z", "offering": "00000000000000000000000000000004", "created_by": null, "services": [],
             "identity": "00000000000000000000000000000001", "identity_name": "agent", "state": "Active", "processors": [],
             "service": "00000000000000000000000000000001", "service_name": "agent", "backend_type": "slurm"}""";

    private Incumbent() {
    }

    /** One cycle of a mode. */
    static List<String> cycle(Path python, String mode, Path config) {
        return List.of(python.toString(), "src/bench/incumbent-cycle.py", mode, config.toString());
    }

    /** What it asks beyond what our routes do; the same answer each time. */
    static void answer(WaldurSimulator waldur) {
        Map.of("marketplace-site-agent-identities/", "[" + IDENTITY + "]", "marketplace-site-agent-identities/[^/]+/", IDENTITY,
                "marketplace-site-agent-identities/[^/]+/register_service/", IDENTITY,
                "marketplace-site-agent-services/[^/]+/register_processor/", IDENTITY,
                "users/me/", "{\"uuid\": \"00000000000000000000000000000002\", \"username\": \"agent\"}",
                "marketplace-service-providers/", "[{\"uuid\": \"00000000000000000000000000000003\"}]",
                "marketplace-provider-offerings/[^/]+/user-attribute-config/", "{\"exposed_fields\": [\"username\", \"full_name\", \"email\"]}",
                "marketplace-provider-offerings/[^/]+/list_(project_service|course)_accounts/", "[]",
                "marketplace-provider-resources/[^/]+/set_limits/", "{\"status\": \"set\"}")
                .forEach((path, body) -> waldur.inject(WaldurFault.answer(request -> request.path().matches(path), 200, body).times(Integer.MAX_VALUE)));
    }
}
