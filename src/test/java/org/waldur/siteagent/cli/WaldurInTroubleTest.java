package org.waldur.siteagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.waldur.siteagent.simulator.WaldurFault;
import org.waldur.siteagent.simulator.WaldurRequest;

/** The whole agent, when Waldur is slow, gone or strange, and when the agent is told to stop. */
@Timeout(120)
class WaldurInTroubleTest extends SiteTest {
    private static final Predicate<WaldurRequest> APPROVAL = request -> request.path().contains("approve");
    private static final Predicate<WaldurRequest> FEATURES = request -> request.path().isEmpty();

    private List<String> create(int number) {
        List<String> orders = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            orders.add(site.waldur.create(site.offering, "Many " + i, "proj-1", "cust-1", Map.of("cpu", 10)));
        }
        return orders;
    }

    private long requests(Predicate<WaldurRequest> kind) {
        return site.waldur.requests().stream().filter(kind).count();
    }

    /** How long a cycle takes in which the first approval is answered with this twice. */
    private Duration cycle(WaldurFault fault) {
        String order = create(1).get(0);
        site.waldur.inject(fault.times(2));
        long start = System.nanoTime();
        assertThat(site.cycle()).isZero();
        assertThat(state(order)).isEqualTo("done");
        assertThat(requests(APPROVAL)).isEqualTo(3);
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Test
    void theServerSaysWhenToComeAgain() {
        assertThat(cycle(WaldurFault.answer(APPROVAL, 429, "{}").retryAfter("2"))).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(20));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "soon", "Wed, 21 Oct 2015 07:28:00 GMT"})
    void withoutASensibleWordTheDelaysAreTheRoutes(String retryAfter) {
        assertThat(cycle(WaldurFault.answer(APPROVAL, 503, "{}").retryAfter(retryAfter))).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void theDelaysOfTheRoutesGrow() {
        create(1);
        List<Long> times = new ArrayList<>();
        site.waldur.beforeRequest(request -> {
            if (APPROVAL.test(request)) {
                times.add(System.nanoTime());
            }
        });
        site.waldur.inject(WaldurFault.answer(APPROVAL, 503, "{}").times(3));
        assertThat(site.property("waldur.retry_delay", "200").cycle()).isZero();
        assertThat(times).hasSize(4);
        // each is twice the one before, and then up to 30 % shorter or longer: the third is 274 ms at least, and without growth 260 at most
        assertThat(Duration.ofNanos(times.get(3) - times.get(2))).isGreaterThan(Duration.ofMillis(270));
    }

    @ParameterizedTest
    @CsvSource({"403,{},1", "404,<html>,1", "405,{},1", "200,<html>,3", "200,[],3"})
    void aServerWithoutListOfFeaturesHasNone(int code, String body, int asked) {
        List<String> orders = create(2);
        site.waldur.inject(WaldurFault.answer(FEATURES, code, body).times(100));
        assertThat(site.cycle()).isZero();
        assertThat(orders).allMatch(order -> state(order).equals("done"));
        assertThat(requests(FEATURES)).isEqualTo(asked);
        assertThat(site.deadLetters()).isEmpty();
    }

    @Test
    void aServerIsAskedForItsFeaturesOnceInAProcess() throws Exception {
        Process agent = site.serve();
        try {
            for (int i = 0; i < 3; i++) {
                String order = site.waldur.create(site.offering, "Later " + i, "proj-1", "cust-1", Map.of("cpu", 10));
                await(() -> state(order).equals("done"));
            }
        } finally {
            agent.destroyForcibly().waitFor();
        }
        assertThat(requests(FEATURES)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 500})
    void refusalAndTroubleThereAreWhatTheyAre(int code) {
        String order = create(1).get(0);
        site.waldur.inject(WaldurFault.answer(FEATURES, code, "{}").times(4));
        assertThat(site.cycle()).isEqualTo(1);
        assertThat(state(order)).isEqualTo("executing");
        assertThat(site.deadLetters()).singleElement().asString().contains("answered " + code);
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void await(Condition condition) throws InterruptedException, IOException {
        for (int i = 0; i < 600 && !condition.holds(); i++) {
            Thread.sleep(100);
        }
        assertThat(condition.holds()).isTrue();
    }

    private String log() throws IOException {
        return Files.readString(site.log());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aStopEndsAfterTheRequestInHand(boolean service) throws Exception {
        List<String> orders = create(200);
        CountDownLatch third = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger approvals = new AtomicInteger();
        site.waldur.beforeRequest(request -> {
            if (APPROVAL.test(request) && approvals.incrementAndGet() == 3) {
                third.countDown();
                waitFor(goOn);
            }
        });
        Process agent = service ? site.serve() : site.start();
        waitFor(third);
        agent.destroy();
        await(() -> log().contains("is shutting down"));
        assertThat(agent.isAlive()).as("it waits for the request in hand").isTrue();
        goOn.countDown();
        long start = System.nanoTime();
        assertThat(agent.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
        assertThat(approvals).hasValue(3);
        assertThat(site.waldur.requests().get(site.waldur.requests().size() - 1)).as("no request after it").matches(APPROVAL);
        assertThat(orders.stream().filter(o -> state(o).equals("executing"))).hasSize(3);
        assertThat(site.deadLetters()).isEmpty();
        assertThat(log()).doesNotContain("ERROR").containsOnlyOnce("200 orders are left for the next run");
    }

    @Test
    void aStopDoesNotWaitForTheNextTry() throws Exception {
        create(5);
        site.waldur.inject(WaldurFault.answer(APPROVAL, 429, "{}").retryAfter("100").times(100));
        Process agent = site.start();
        await(() -> log().contains("failed, which may pass"));
        agent.destroy();
        assertThat(agent.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(requests(APPROVAL)).isEqualTo(1);
        assertThat(site.deadLetters()).isEmpty();
        assertThat(log()).doesNotContain("ERROR").contains("5 orders are left for the next run");
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gone", "500"})
    void aServerThatFailsForThreeOrdersIsLeftAloneInThisCycle(String how) {
        List<String> orders = create(12);
        site.waldur.inject((how.equals("gone") ? WaldurFault.cutOff(APPROVAL) : WaldurFault.answer(APPROVAL, 500, "{}")).times(6));
        site.cycle();
        assertThat(requests(APPROVAL)).as("four tries for the first, one for each of two more").isEqualTo(6);
        assertThat(site.deadLetters()).hasSize(3);
        assertThat(site.slurm.commands()).allMatch(c -> c.argv().contains("show"));
        assertThat(site.cycle()).isZero();
        assertThat(orders).allMatch(order -> state(order).equals("done"));
        assertThat(site.deadLetters()).isEmpty();
    }

    @Test
    void theNextCycleOfTheSameProcessTriesAgain() throws Exception {
        List<String> orders = create(5);
        site.waldur.inject(WaldurFault.cutOff(APPROVAL).times(6));
        Process agent = site.serve();
        try {
            await(() -> orders.stream().allMatch(order -> state(order).equals("done")));
        } finally {
            agent.destroyForcibly().waitFor();
        }
    }

    @Test
    void oneOrderThatFailsForEverStopsNoOther() {
        List<String> orders = create(5);
        String bad = orders.get(1);
        site.waldur.inject(WaldurFault.answer(request -> request.path().contains(bad + "/approve"), 500, "{}").times(1000));
        site.cycle();
        assertThat(state(bad)).isEqualTo("pending-provider");
        assertThat(orders.stream().filter(o -> state(o).equals("done"))).hasSize(4);
    }

    @Test
    void theAuditSaysWhereARequestWent() throws Exception {
        create(1);
        WireMockServer hook = new WireMockServer(WireMockConfiguration.options().dynamicPort());
        hook.start();
        try {
            hook.stubFor(WireMock.post(WireMock.anyUrl()).willReturn(WireMock.status(202)));
            Path routes = new Checked(folder.resolve("edited")).folder();
            Path hooks = routes.resolve("hooks.camel.yaml");
            Files.writeString(hooks, Files.readString(hooks).replaceFirst("- log:\n +id: nothing-after-account\n.*\n.*\n.*\n", Matcher.quoteReplacement("""
                    - removeHeaders: {id: bare, pattern: "*"}
                            - setHeader: {id: how, name: CamelHttpMethod, expression: {constant: {expression: POST}}}
                            - setHeader: {id: key, name: CamelHttpQuery, expression: {constant: {expression: key=secret}}}
                            - setBody: {id: what, expression: {simple: {expression: "${variable.change.account}"}}}
                            - to: {id: call, uri: "%s/accounts"}
                    """.formatted(hook.baseUrl()))));
            assertThat(site.routes(routes).cycle()).as(String.join("", site.deadLetters())).isZero();
            hook.stubFor(WireMock.post(WireMock.anyUrl()).willReturn(WireMock.status(400)));
            site.waldur.create(site.offering, "Other", "proj-1", "cust-1", Map.of("cpu", 10));
            assertThat(site.cycle()).isEqualTo(1);
            assertThat(site.deadLetters()).singleElement().asString().contains("\"command\" : \"POST " + hook.baseUrl() + "/...\"", "localhost answered 400")
                    .doesNotContain("secret");
            hook.verify(2, WireMock.postRequestedFor(WireMock.urlEqualTo("/accounts?key=secret")));
            List<String> audit = Files.readAllLines(site.stateDir().resolve("audit.jsonl"));
            assertThat(audit).noneMatch(line -> line.contains("secret") || line.contains(site.waldur.token()));
            List<String> requests = new ArrayList<>();
            for (String line : audit) {
                JsonNode json = new ObjectMapper().readTree(line);
                if (json.has("request")) {
                    requests.add(json.path("when").asText() + " " + json.path("request").asText() + " " + json.path("result").asText("-"));
                }
            }
            String waldur = site.waldur.requests().stream().filter(APPROVAL).map(r -> "POST " + site.waldur.apiUrl() + r.path()).findFirst().orElseThrow();
            assertThat(requests).containsSubsequence("before " + waldur + " -", "after " + waldur + " 200", "before POST " + hook.baseUrl() + "/... -",
                    "after POST " + hook.baseUrl() + "/... 202");
            assertThat(requests).hasSize(2 * (int) (requests(r -> !r.method().equals("GET")) + 2));
        } finally {
            hook.stop();
        }
    }
}
