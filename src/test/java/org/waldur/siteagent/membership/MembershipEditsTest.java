package org.waldur.siteagent.membership;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.waldur.siteagent.cli.Checked;

/** The edits of examples/edits that are about members, each applied to the shipped routes; each makes another world. */
class MembershipEditsTest extends MembershipSite {
    private Checked copy;

    @BeforeEach
    void copyRoutes() throws Exception {
        copy = new Checked(folder.resolve("copy"));
        site.routes(copy.folder());
    }

    @Test
    void aChatIsToldWhoWasRemoved() throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        HttpServer chat = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        chat.createContext("/", exchange -> {
            heard.add(exchange.getRequestMethod() + " " + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        chat.start();
        try {
            copy.edit("20");
            site.property("site.chat", "http://127.0.0.1:" + chat.getAddress().getPort() + "/hook");
            site.waldur.leave("proj-1", "bob");
            assertThat(sync()).isZero();
            assertThat(heard).containsExactly("POST {\"text\": \"remove bob from account hpc_one, because they are not on the team\"}");
        } finally {
            chat.stop(0);
        }
    }

    @Test
    void nobodyIsRemovedOnTheDayWithoutRemovalsAndTheRestGoesOn() throws Exception {
        copy.edit("21");
        site.property("site.day_without_removals", String.valueOf(LocalDate.now().getDayOfWeek().getValue()));
        site.slurm.addLinuxUsers("erin");
        site.waldur.join(site.offering, "proj-1", "erin");
        site.waldur.leave("proj-1", "bob");
        assertThat(sync()).isZero();
        assertThat(users("hpc_one")).contains("bob", "erin");
        site.property("site.day_without_removals", String.valueOf(LocalDate.now().plusDays(2).getDayOfWeek().getValue()));
        assertThat(sync()).isZero();
        assertThat(users("hpc_one")).contains("erin").doesNotContain("bob");
    }

    @Test
    void pausedAccountsGetAnotherQos() throws Exception {
        copy.edit("22");
        site.slurm.addQos("stopped");
        site.waldur.setFlag(order, "paused", true);
        assertThat(sync()).isZero();
        assertThat(account("hpc_one").qos()).containsExactly("stopped");
        assertThat(account("hpc_one").grpSubmitJobs()).isEmpty();
        site.waldur.setFlag(order, "paused", false);
        assertThat(sync()).isZero();
        assertThat(account("hpc_one").qos()).isEmpty();
    }
}
