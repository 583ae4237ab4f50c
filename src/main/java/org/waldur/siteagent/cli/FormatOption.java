package org.waldur.siteagent.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine.Option;

/** The format of what a command prints. */
final class FormatOption {
    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "text",
            description = "text, csv or json. In json every amount is a text, because a number would be rounded by many readers. Default: ${DEFAULT-VALUE}")
    private Format format;

    Format get() {
        return format;
    }

    /** An object of JSON is written. */
    interface Json {
        void fields(JsonGenerator out) throws IOException;
    }

    /** Writes one object, and leaves the stream open. */
    static void json(PrintWriter out, Json object) throws IOException {
        JsonGenerator json = new JsonFactory().createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET).setPrettyPrinter(new DefaultPrettyPrinter());
        json.writeStartObject();
        object.fields(json);
        json.writeEndObject();
        json.close();
        out.println();
    }
}
