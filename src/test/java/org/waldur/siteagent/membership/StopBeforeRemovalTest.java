package org.waldur.siteagent.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Told to stop between the first look and the second: it does not wait for the second one, and removes nobody. */
class StopBeforeRemovalTest extends MembershipSite {
    @Test
    void itEndsSoonAndTheNextRunCarriesOn() throws Exception {
        site.property("membership_sync.second", "1000");
        site.waldur.leave("proj-1", "bob");
        CountDownLatch looked = new CountDownLatch(1);
        site.waldur.onRequest(request -> {
            if (request.path().endsWith("/refresh_last_sync/")) {
                looked.countDown();
            }
        });
        Process agent = site.start("membership-sync");
        assertThat(looked.await(60, TimeUnit.SECONDS)).isTrue();
        agent.destroy();
        assertThat(agent.waitFor(20, TimeUnit.SECONDS)).as("the second look would come a minute later").isTrue();
        assertThat(users("hpc_one")).contains("bob");
        assertThat(site.deadLetters()).isEmpty();

        site.property("membership_sync.second", "0");
        assertThat(sync()).isZero();
        assertThat(users("hpc_one")).containsExactly("alice", "carol", "dave");
    }
}
