package org.waldur.siteagent.waldur;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rows of a list that Waldur gives page by page, and the JSON of its other answers. Bean {@code waldurRows} of the routes. */
public final class Rows {
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final Pattern NEXT = Pattern.compile("[?&]page=(\\d+)[^>]*>\\s*;\\s*rel=\"?next\"?");
    private static final int MOST_PAGES = 2_000;

    /** No rows yet. */
    public List<JsonNode> none() {
        return List.of();
    }

    /** The rows so far and those of one more page. Throws {@link AnswerUnreadable} if the answer is not a list of objects. */
    public List<JsonNode> append(List<JsonNode> rows, String body) {
        JsonNode page = read(body);
        if (!page.isArray()) {
            throw new AnswerUnreadable("a list was asked for, and the answer is " + Text.oneLine(body, 80));
        }
        List<JsonNode> all = new ArrayList<>(rows);
        for (JsonNode row : page) {
            if (!row.isObject()) {
                throw new AnswerUnreadable("a list of objects was asked for, and a row is " + Text.oneLine(row.toString(), 80));
            }
            all.add(row);
        }
        return all;
    }

    /**
     * What the rows stand for, in their order; a row that cannot be read is left out, and harms no other.
     *
     * @param reader  throws {@link IllegalArgumentException} for a row that it cannot read
     * @param leftOut hears in one line why a row is left out
     */
    public static <T> List<T> readable(List<JsonNode> rows, Function<JsonNode, T> reader, Consumer<String> leftOut) {
        List<T> read = new ArrayList<>();
        for (JsonNode row : rows) {
            try {
                read.add(reader.apply(row));
            } catch (IllegalArgumentException e) {
                leftOut.accept(Text.oneLine(e.getMessage(), 200));
            }
        }
        return read;
    }

    /** The rows of a list that Waldur gives at once. */
    public List<JsonNode> only(String body) {
        return append(none(), body);
    }

    /**
     * The answer to a request as it is, if it is Waldur's: one to a write is empty or JSON, and a page of something in front of Waldur
     * with code 200 does not mean that anything was written. Throws {@link AnswerUnreadable}.
     */
    public String answer(String request, String body) {
        if (!request.startsWith("GET ") && body != null && !body.isBlank()) {
            read(body);
        }
        return body;
    }

    /** An answer that is one object. Throws {@link AnswerUnreadable}. */
    public JsonNode object(String body) {
        JsonNode object = read(body);
        if (!object.isObject()) {
            throw new AnswerUnreadable("an object was asked for, and the answer is " + Text.oneLine(body, 80));
        }
        return object;
    }

    /** The next page by the Link header, only its number (a proxy may name another host there); 0 after the last one. */
    public int nextPage(String link, int page) {
        for (String part : link == null ? new String[0] : link.split(",(?=\\s*<)")) {
            Matcher matcher = NEXT.matcher(part);
            if (matcher.find()) {
                int next = Integer.parseInt(matcher.group(1));
                if (next != page + 1 || next > MOST_PAGES) {
                    throw new AnswerUnreadable("after page " + page + " the server names page " + next);
                }
                return next;
            }
        }
        return 0;
    }

    /** The same rows, if they are as many as the server counted; a list that changed under our hands is not believed. */
    public List<JsonNode> whole(List<JsonNode> rows, String resultCount) {
        if (resultCount != null && resultCount.matches("\\d{1,9}") && rows.size() < Integer.parseInt(resultCount)) {
            throw new AnswerUnreadable("the server counted " + resultCount + " rows and gave " + rows.size());
        }
        return rows;
    }

    private static JsonNode read(String body) {
        try {
            JsonNode node = JSON.readTree(body == null ? "" : body);
            if (node == null || node.isMissingNode()) {
                throw new AnswerUnreadable("the answer is empty");
            }
            return node;
        } catch (JsonProcessingException e) {
            throw new AnswerUnreadable("the answer is not JSON but '" + Text.oneLine(body, 80) + "'");
        }
    }
}
