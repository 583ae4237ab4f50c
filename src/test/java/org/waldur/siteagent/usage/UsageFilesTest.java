package org.waldur.siteagent.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is remembered in files is what was counted, or nothing is. */
class UsageFilesTest {
    private static final YearMonth NOVEMBER = YearMonth.of(2026, 11);
    private static final ZoneId ZONE = ZoneId.of("Europe/Tallinn");
    private static final Instant BEGUN = Instant.parse("2026-11-03T10:00:00.123Z");
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final List<Window> DAYS = Window.of(NOVEMBER, ZONE, 1, NOW.getEpochSecond());
    private static final Finished FINISHED = Finished.none(BEGUN).plus(DAYS.get(0), used("a", "u", "cpu", "9223372036854775808"))
            .plus(DAYS.get(2), used("hpc_\u00e4", "o'brien@\u0441", "gres/gpu:a100", "0.00146484375")).plus(DAYS.get(3), used("a", "", "license/x@y", "7"))
            .filled(DAYS.get(0)).filled(DAYS.get(5)).empty(DAYS.get(7));

    @TempDir
    Path folder;
    private UsageFiles files;

    @BeforeEach
    void open() {
        files = new UsageFiles(folder);
    }

    private static Consumption used(String account, String user, String tres, String amount) {
        return new Consumption(new TreeMap<>(Map.of(account, new TreeMap<>(Map.of(user, new TreeMap<>(Map.of(tres, new BigDecimal(amount))))))));
    }

    private Finished read() {
        return files.finished("lab", NOVEMBER, ZONE, NOW);
    }

    private Path file() {
        return folder.resolve("usage/lab-2026-11.json");
    }

    @Test
    void whatIsWrittenIsRead() {
        files.write("lab", NOVEMBER, ZONE, FINISHED);
        assertThat(read()).isEqualTo(FINISHED);
        assertThat(new UsageFiles(folder).finished("lab", NOVEMBER, ZONE, NOW)).isEqualTo(FINISHED);
    }

    @Test
    void whatIsNotThereIsNone() throws IOException {
        assertThat(read()).isEqualTo(Finished.none(NOW));
        files.write("lab", NOVEMBER, ZONE, FINISHED);
        assertThat(files.finished("lab", NOVEMBER.plusMonths(1), ZONE, NOW)).isEqualTo(Finished.none(NOW));
        assertThat(files.finished("lab2", NOVEMBER, ZONE, NOW)).isEqualTo(Finished.none(NOW));
        Files.delete(file());
        assertThat(read()).isEqualTo(Finished.none(NOW));
    }

    @Test
    void ofAnotherTimeZoneIsNone() {
        files.write("lab", NOVEMBER, ZONE, FINISHED);
        assertThat(files.finished("lab", NOVEMBER, ZoneId.of("UTC"), NOW)).isEqualTo(Finished.none(NOW));
    }

    @Test
    void ofAClusterWhoseNameLooksTheSameInAFileIsNone() {
        files.write("gpu-1", NOVEMBER, ZONE, FINISHED);
        files.write("gpu-1", new UsageFiles.Jobs(5, Map.of("7:5", 6L)));
        assertThat(files.finished("gpu_1", NOVEMBER, ZONE, NOW)).isEqualTo(Finished.none(NOW));
        assertThat(files.jobs("gpu_1")).isEqualTo(new UsageFiles.Jobs(0, Map.of()));
        assertThat(files.jobs("gpu-1")).isEqualTo(new UsageFiles.Jobs(5, Map.of("7:5", 6L)));
    }

    @Test
    void aNameOfAClusterCannotLeaveTheFolder() throws IOException {
        files.write("../../x", NOVEMBER, ZONE, FINISHED);
        assertThat(files.finished("../../x", NOVEMBER, ZONE, NOW)).isEqualTo(FINISHED);
        try (Stream<Path> written = Files.list(folder.resolve("usage"))) {
            assertThat(written).hasSize(1);
        }
    }

    @Test
    void cutAnywhereIsNone() throws IOException {
        files.write("lab", NOVEMBER, ZONE, FINISHED);
        byte[] whole = Files.readAllBytes(file());
        for (int length = 0; length < whole.length; length++) {
            Files.write(file(), java.util.Arrays.copyOf(whole, length));
            assertThat(read()).isEqualTo(Finished.none(NOW));
        }
    }

    /** A digit that changes would be billed. */
    @Test
    void changedAnywhereIsNone() throws IOException {
        files.write("lab", NOVEMBER, ZONE, FINISHED);
        byte[] whole = Files.readAllBytes(file());
        Random random = new Random(20261101);
        for (int at = 0; at < whole.length; at++) {
            byte[] spoilt = whole.clone();
            spoilt[at] = (byte) (spoilt[at] >= '0' && spoilt[at] <= '9' ? '0' + (spoilt[at] - '0' + 1) % 10 : spoilt[at] ^ 1 << random.nextInt(7));
            Files.write(file(), spoilt);
            assertThat(read()).as(new String(spoilt, StandardCharsets.UTF_8)).isEqualTo(Finished.none(NOW));
        }
    }

    @Test
    void somethingElseIsNone() throws IOException {
        files.write("lab", NOVEMBER, ZONE, FINISHED);
        for (String text : List.of("", "null", "[]", "{}", "7", "\"x\"", "{\"cluster\":\"lab\",\"zone\":\"Europe/Tallinn\"}", "\u0000\u0000\u0000", "[".repeat(100_000))) {
            Files.writeString(file(), text);
            assertThat(read()).isEqualTo(Finished.none(NOW));
            Files.writeString(folder.resolve("usage/lab-jobs.json"), text);
            assertThat(files.jobs("lab")).isEqualTo(new UsageFiles.Jobs(0, Map.of()));
        }
        Files.delete(file());
        Files.createDirectories(file());
        assertThat(read()).isEqualTo(Finished.none(NOW));
    }

    @Test
    void whereNothingCanBeWrittenNothingIsRemembered() throws IOException {
        Files.writeString(folder.resolve("usage"), "a file where the folder belongs");
        assertThatCode(() -> files.write("lab", NOVEMBER, ZONE, FINISHED)).doesNotThrowAnyException();
        assertThatCode(() -> files.write("lab", new UsageFiles.Jobs(5, Map.of()))).doesNotThrowAnyException();
        assertThat(read()).isEqualTo(Finished.none(NOW));
        assertThat(files.jobs("lab").asked()).isZero();
        assertThatCode(() -> files.keepOnly("lab", Set.of())).doesNotThrowAnyException();
    }

    @Test
    void runaways() {
        UsageFiles.Jobs jobs = new UsageFiles.Jobs(1_793_836_800, Map.of("7:1793830000", 1_793_836_000L, "8:0", 0L));
        assertThat(files.jobs("lab")).isEqualTo(new UsageFiles.Jobs(0, Map.of()));
        files.write("lab", jobs);
        assertThat(files.jobs("lab")).isEqualTo(jobs);
    }

    @Test
    void onlySomeMonthsAreKept() {
        files.write("lab", new UsageFiles.Jobs(5, Map.of()));
        for (String cluster : List.of("lab", "lab2", "lab-2026-11")) {
            for (int month = 8; month <= 11; month++) {
                files.write(cluster, YearMonth.of(2026, month), ZONE, FINISHED);
            }
        }
        files.keepOnly("lab", Set.of(NOVEMBER, YearMonth.of(2026, 10)));
        for (int month = 8; month <= 11; month++) {
            assertThat(files.finished("lab", YearMonth.of(2026, month), ZONE, NOW).windows().isEmpty()).isEqualTo(month < 10);
            assertThat(files.finished("lab2", YearMonth.of(2026, month), ZONE, NOW).windows()).isNotEmpty();
            assertThat(files.finished("lab-2026-11", YearMonth.of(2026, month), ZONE, NOW).windows()).isNotEmpty();
        }
        assertThat(files.jobs("lab").asked()).isEqualTo(5);
    }

    @Test
    void windowsOfAnotherLengthAreNotCountedBesides() {
        Reading reading = new Reading(null, ZONE, NOW, null, Holders.NONE, false);
        reading.add(NOVEMBER, FINISHED, 1);
        assertThat(reading.getWindows()).hasSize(17);
        for (int days : new int[] {2, 7, 31}) {
            reading = new Reading(null, ZONE, NOW, null, Holders.NONE, false);
            reading.add(NOVEMBER, FINISHED, days);
            assertThat(reading.getWindows()).isEqualTo(Window.of(NOVEMBER, ZONE, days, NOW.getEpochSecond()));
            assertThat(reading.news()).containsEntry(NOVEMBER, Finished.none(NOW));
        }
    }
}
