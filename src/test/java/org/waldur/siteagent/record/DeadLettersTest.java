package org.waldur.siteagent.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeadLettersTest {
    private static final Instant NOW = Instant.parse("2026-05-01T10:00:00Z");
    private static final String ORDER = "0123456789abcdef0123456789abcdef";
    private static final String OTHER = "f".repeat(32);
    @TempDir
    private Path state;

    private DeadLetters letters(Instant now) {
        return new DeadLetters(state, Clock.fixed(now, ZoneOffset.UTC), Duration.ofMinutes(2), false);
    }

    private static Failure failure(String orders, String why) {
        return new Failure("slurm", orders, "create-accounts, add-account", why, "sacctmgr add", "said", "advice", false);
    }

    private List<Path> files() throws IOException {
        try (var files = Files.list(state.resolve("dead-letters"))) {
            return files.sorted().toList();
        }
    }

    @Test
    void theSameOrderAndCauseIsOneFileWithACountAndAnotherCauseIsAnother() throws IOException {
        letters(NOW).write(failure(ORDER, "refused, job 17 of " + "a1".repeat(16)));
        letters(NOW.plusSeconds(60)).write(failure(ORDER, "refused, job 18 of " + "b2".repeat(16)));
        assertThat(letters(NOW).all()).singleElement().satisfies(l -> {
            assertThat(l.count()).isEqualTo(2);
            assertThat(l.first()).isEqualTo("2026-05-01T10:00:00Z");
            assertThat(l.last()).isEqualTo("2026-05-01T10:01:00Z");
        });
        letters(NOW).write(failure(ORDER, "no rights"));
        letters(NOW).write(failure(OTHER, "refused, job 17"));
        letters(NOW).write(failure("-", "refused, job 17"));
        assertThat(files()).hasSize(4).allSatisfy(file ->
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------"));
        letters(NOW).settle(ORDER);
        assertThat(letters(NOW).all()).extracting(DeadLetter::orders).containsExactlyInAnyOrder(OTHER, "-");
    }

    @ParameterizedTest
    @CsvSource({"1, 2", "2, 4", "3, 8", "6, 60", "50, 60"})
    void theBackOffDoublesUpToAnHour(int failures, int minutes) {
        for (int i = 0; i < failures; i++) {
            letters(NOW).write(failure(OTHER + "," + ORDER, "refused"));
        }
        assertThat(letters(NOW.plus(Duration.ofMinutes(minutes)).minusSeconds(1)).backsOff(ORDER)).isTrue();
        assertThat(letters(NOW.plus(Duration.ofMinutes(minutes))).backsOff(ORDER)).isFalse();
        assertThat(letters(NOW).backsOff("another")).isFalse();
        assertThat(new DeadLetters(state, Clock.fixed(NOW, ZoneOffset.UTC), Duration.ZERO, false).backsOff(ORDER)).as("--once").isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{}", "null", "[1]", "\"text\"", "{\"id\": \"file\"}", "{\"id\": \"../file\", \"orders\": \"" + ORDER + "\"}",
        "{\"id\": \"file\", \"orders\": [1]}", "\u0000\u0001", "{\"id\": \"file\", \"orders\": \"" + ORDER + "\", \"count\": \"many\"}"})
    void aFileThatIsNoLetterIsLeftAloneAndStopsNothing(String text) throws IOException {
        Path file = Files.writeString(Files.createDirectories(state.resolve("dead-letters")).resolve("file.json"), text);
        Files.createDirectory(state.resolve("dead-letters/folder.json"));
        DeadLetters letters = letters(NOW);
        assertThat(letters.backsOff(ORDER)).isFalse();
        letters.write(failure(ORDER, "refused"));
        assertThat(letters.backsOff(ORDER)).isTrue();
        letters.settle(ORDER);
        assertThat(files()).containsExactly(file, state.resolve("dead-letters/folder.json"));
        assertThat(file).hasContent(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "\"soon\"", "\"\""})
    void aLetterWithoutANextTryHoldsNothingUpAndIsSettled(String nextTry) throws IOException {
        Path file = Files.writeString(Files.createDirectories(state.resolve("dead-letters")).resolve("x.json"), "{\"id\": \"x\", \"orders\": \"" + ORDER
                + "\", \"count\": -7" + (nextTry.isEmpty() ? "" : ", \"nextTry\": " + nextTry) + "}");
        assertThat(letters(NOW).backsOff(ORDER)).isFalse();
        letters(NOW).settle(ORDER);
        assertThat(file).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(ints = {-2147483648, -1, 2147483647})
    void aCountOfNonsenseIsGoneOnWith(int count) throws IOException {
        letters(NOW).write(failure(ORDER, "refused"));
        Files.writeString(files().get(0), Files.readString(files().get(0)).replace("\"count\" : 1", "\"count\" : " + count));
        letters(NOW).write(failure(ORDER, "refused"));
        assertThat(letters(NOW).backsOff(ORDER)).isTrue();
    }

    @Test
    void aLetterThatCannotBeWrittenIsAFailureAllTheSame() throws IOException {
        Files.writeString(state.resolve("dead-letters"), "a file");
        DeadLetters letters = letters(NOW);
        assertThat(new ObjectMapper().readTree(letters.write(failure(ORDER, "refused"))).path("why").asText()).isEqualTo("refused");
        assertThat(letters.failed()).isTrue();
        assertThat(letters.backsOff(ORDER)).isFalse();
    }

    @Test
    void theNameOfAFileIsBounded() throws IOException {
        letters(NOW).write(new Failure("x/../".repeat(100), "-", "step", "why", "", "", "", false));
        assertThat(files()).singleElement().asString().hasSizeLessThan(state.toString().length() + 100).doesNotContain("..");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "job 17 failed after 2.5 s | job 18 failed after 31 s | true",
        "order 0123456789abcdef0123456789abcdef | order ffffffffffffffff0123456789abcdef | true",
        "order 6ba7b810-9dad-11d1-80b4-00c04fd430c8 | order aaaaaaaa-9dad-41d1-80b4-00c04fd430c8 | true",
        "Waldur answered 403 no | Waldur answered 404 no | false",
        "Waldur answered 502 ray 7d5e3c4b1a2f | Waldur answered 502 ray 8d5e3c4b1a2e | true",
        "permission denied | connection refused | false",
        "the facade is decade-bad | the facade is decaded | false"})
    void numbersAndUuidsAreNoCause(String one, String two, boolean same) {
        assertThat(Failure.kind(one).equals(Failure.kind(two))).as(Failure.kind(one) + " and " + Failure.kind(two)).isEqualTo(same);
    }
}
