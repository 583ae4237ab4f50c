package org.waldur.siteagent.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowTest {
    private static final long LATER = Instant.parse("2099-01-01T00:00:00Z").getEpochSecond();

    private static List<Window> windows(String month, String zone, int days, long until) {
        return Window.of(YearMonth.parse(month), ZoneId.of(zone), days, until);
    }

    @ParameterizedTest
    @CsvSource({
        // hours of the whole month, of its shortest and of its longest day
        "2026-11, UTC, 720, 24, 24", "2024-02, UTC, 696, 24, 24", "2026-02, UTC, 672, 24, 24",
        "2026-03, Europe/Tallinn, 743, 23, 24", "2026-10, Europe/Tallinn, 745, 24, 25",
        "2026-11, America/New_York, 721, 24, 25", "2026-03, America/New_York, 743, 23, 24",
        "2026-04, Africa/Cairo, 719, 23, 24", "2026-10, Africa/Cairo, 745, 24, 25",
        "2026-11, America/Havana, 721, 24, 25", "2026-09, America/Santiago, 719, 23, 24", "2011-12, Pacific/Apia, 720, 0, 24"})
    void aMonthHasAllOfItsHoursOnce(String month, String zone, long hours, long shortest, long longest) {
        for (int days = 1; days < 40; days++) {
            List<Window> windows = windows(month, zone, days, LATER);
            assertThat(windows).hasSize((YearMonth.parse(month).lengthOfMonth() + days - 1) / days);
            assertThat(windows.get(windows.size() - 1).to() - windows.get(0).from()).isEqualTo(hours * 3600);
            for (int i = 1; i < windows.size(); i++) {
                assertThat(windows.get(i).from()).isEqualTo(windows.get(i - 1).to());
            }
        }
        List<Window> single = windows(month, zone, 1, LATER);
        assertThat(single.stream().mapToLong(w -> (w.to() - w.from()) / 3600).min()).hasValue(shortest);
        assertThat(single.stream().mapToLong(w -> (w.to() - w.from()) / 3600).max()).hasValue(longest);
    }

    @Test
    void aHalfHourOfLordHowe() {
        List<Window> windows = windows("2026-10", "Australia/Lord_Howe", 31, LATER);
        assertThat(windows.get(0).to() - windows.get(0).from()).isEqualTo(31 * 86_400 - 1800);
    }

    @Test
    void asSacctIsAskedInUtc() {
        Window window = windows("2026-11", "Asia/Kathmandu", 1, LATER).get(0);
        assertThat(window.getStart()).isEqualTo("2026-10-31T18:15:00");
        assertThat(window.getEnd()).as("exclusive").isEqualTo("2026-11-01T18:15:00");
        assertThat(windows("2024-02", "UTC", 31, LATER)).singleElement().returns("2024-02-01T00:00:00", Window::getStart).returns("2024-03-01T00:00:00", Window::getEnd);
    }

    @Test
    void whatHasNotBegunIsNotRead() {
        long tenth = Instant.parse("2026-11-10T00:00:00Z").getEpochSecond();
        assertThat(windows("2026-11", "UTC", 1, tenth - 1)).hasSize(9);
        assertThat(windows("2026-11", "UTC", 1, tenth)).hasSize(10);
        assertThat(windows("2026-11", "UTC", 7, tenth)).hasSize(2);
        assertThat(windows("2026-12", "UTC", 1, tenth)).isEmpty();
        assertThat(windows("2026-11", "America/New_York", 1, Instant.parse("2026-11-01T03:59:59Z").getEpochSecond())).isEmpty();
    }

    @Test
    void aWindowOfNoDaysIsNone() {
        assertThatThrownBy(() -> windows("2026-11", "UTC", 0, LATER)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> windows("2026-11", "UTC", -1, LATER)).isInstanceOf(IllegalArgumentException.class);
    }
}
