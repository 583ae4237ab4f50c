package org.waldur.siteagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.YearMonth;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.waldur.siteagent.usage.History.Step;

/** Tables and progress as they are printed. */
class SheetTest {
    private static final Sheet SHEET = new Sheet(List.of("name", "amount", "why"), List.of("amount"), () -> Stream.of(
            List.of("hpc_a_very_long_name_of_an_account_that_is_shown_whole", "1.00", ""), List.of("b", "12345678901234567890.12", "it says \"no\", twice\nand more"),
            List.of("", "", " blank")));
    private final StringWriter out = new StringWriter();
    private final PrintWriter writer = new PrintWriter(out, true);

    @Test
    void textIsAlignedAndWholeAndOneLineARow() {
        SHEET.text(writer);
        assertThat(out.toString()).isEqualTo("""
                NAME                                                                     AMOUNT  WHY
                hpc_a_very_long_name_of_an_account_that_is_shown_whole                     1.00  -
                b                                                       12345678901234567890.12  it says "no", twice and more
                -                                                                             -  blank
                """);
    }

    @Test
    void csvIsQuotedWhereItMustBe() {
        SHEET.csv(writer);
        assertThat(out.toString()).isEqualTo("name,amount,why\r\nhpc_a_very_long_name_of_an_account_that_is_shown_whole,1.00,\r\n"
                + "b,12345678901234567890.12,\"it says \"\"no\"\", twice\nand more\"\r\n,,\" blank\"\r\n");
    }

    @Test
    void jsonIsTextsAndNulls() throws Exception {
        FormatOption.json(writer, json -> {
            json.writeFieldName("rows");
            SHEET.json(json);
        });
        JsonNode rows = new ObjectMapper().readTree(out.toString()).path("rows");
        assertThat(rows).hasSize(3);
        assertThat(rows.path(1).path("amount").textValue()).isEqualTo("12345678901234567890.12");
        assertThat(rows.path(1).path("why").textValue()).isEqualTo("it says \"no\", twice\nand more");
        assertThat(rows.path(0).path("why").isNull()).isTrue();
    }

    @Test
    void columnsCanBeLeftOut() {
        SHEET.without("name", "why").csv(writer);
        assertThat(out.toString()).isEqualTo("amount\r\n1.00\r\n12345678901234567890.12\r\n\r\n");
    }

    @Test
    void aTerminalGetsABarAndAFileLines() {
        Progress bar = new Progress(writer, true, 2);
        bar.step(new Step("slurm", YearMonth.of(2026, 9), true, 0, 0, 0));
        bar.step(new Step("slurm", YearMonth.of(2026, 10), false, 7, 1, 2));
        bar.end();
        assertThat(out.toString()).isEqualTo("\r\u001b[K[###############...............] 1 of 2  2026-09 slurm: loaded before"
                + "\r\u001b[K[##############################] 2 of 2  2026-10 slurm: 7 told, 1 left, 2 held\n");
        out.getBuffer().setLength(0);
        Progress lines = new Progress(writer, false, 2);
        lines.step(new Step("slurm", YearMonth.of(2026, 10), false, 7, 1, 2));
        lines.end();
        assertThat(out.toString()).isEqualTo("2026-10 slurm: 7 told, 1 left, 2 held\n");
    }
}
