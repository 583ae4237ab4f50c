package org.waldur.siteagent.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests of the shipped routes between the two simulators, each on a site of its own. */
public abstract class SiteTest {
    @TempDir
    protected Path folder;
    protected Site site;

    @BeforeEach
    protected void open() throws IOException {
        site = open(folder);
    }

    /** With which Waldur the tests are made; today's, unless they say otherwise. */
    protected Site open(Path in) throws IOException {
        return new Site(in);
    }

    @AfterEach
    protected void close() throws IOException {
        site.close();
    }

    /** A customer orders an allocation of 10 units; gives the order's uuid. */
    protected String create(String name) {
        return site.waldur.create(site.offering, name, "proj-1", "cust-1", Map.of("cpu", 10));
    }

    protected Object state(String order) {
        return site.waldur.order(order).get("state");
    }
}
