package org.waldur.siteagent.order;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.waldur.siteagent.cli.Site;

/** What two orders in flight ask for, on a site that is ready for them. */
enum Scenario {
    CREATE {
        @Override
        void order(Site site, String one, String two) {
            create(site, "Three");
            create(site, "Four");
        }
    },
    UPDATE {
        @Override
        void order(Site site, String one, String two) {
            site.waldur.update(one, Map.of("cpu", 20));
            site.waldur.update(two, Map.of("cpu", 30));
        }
    },
    TERMINATE {
        @Override
        void order(Site site, String one, String two) {
            site.slurm.submit("hpc_one", "alice", "RUNNING");
            site.waldur.terminate(one);
            site.waldur.terminate(two);
        }
    };

    abstract void order(Site site, String one, String two);

    /** A site whose orders of this kind wait, with nothing done yet. */
    Site open(Path folder) throws IOException {
        Site site = new Site(folder);
        String one = "";
        String two = "";
        if (this != CREATE) {
            one = create(site, "One");
            two = create(site, "Two");
            if (site.cycle() != 0) {
                throw new AssertionError("the site could not be made ready: " + site.deadLetters());
            }
        }
        order(site, one, two);
        return site;
    }

    private static String create(Site site, String name) {
        return site.waldur.create(site.offering, name, "proj-1", "cust-1", Map.of("cpu", 10));
    }
}
