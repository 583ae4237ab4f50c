package org.waldur.siteagent.waldur;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A request as the routes write it: {@code METHOD path?query}, the path beneath the offering's API. Bean {@code waldurRequest}. */
public final class Request {
    private static final Pattern REQUEST = Pattern.compile("(GET|POST|PUT|PATCH|DELETE|HEAD) ([A-Za-z0-9_./-]+?)(?:\\?(\\S*))?");

    public String method(String request) {
        return parse(request).group(1);
    }

    /** The query; null if there is none. */
    public String query(String request) {
        return parse(request).group(3);
    }

    /** The path beneath the API's address; empty for the address itself. It is no part of the endpoint, or each path had connections of its own. */
    public String path(String request) {
        String path = parse(request).group(2);
        return path.equals(".") ? "" : path;
    }

    /** The body of a request that writes; null for one that reads. */
    public String body(String request, String body) {
        return method(request).equals("GET") ? null : body;
    }

    /** Asks for these fields only (with commas between): a row of all fields takes Waldur 20 times longer. */
    public String withFields(String request, String fields) {
        String query = Arrays.stream(fields.split(",")).map(f -> "field=" + f.strip()).collect(Collectors.joining("&"));
        return fields.isBlank() ? request : with(request, query);
    }

    /** One page of a list. */
    public String page(String request, int size, int page) {
        return with(request, "page_size=" + size + "&page=" + page);
    }

    private static String with(String request, String query) {
        return request + (request.contains("?") ? "&" : "?") + query;
    }

    private static Matcher parse(String request) {
        Matcher matcher = REQUEST.matcher(request.strip());
        if (!matcher.matches() || matcher.group(2).contains("..") || matcher.group(2).startsWith("/")) {
            throw new IllegalArgumentException("a request is written as 'METHOD path/', beneath the API's url, and this is '"
                    + Text.oneLine(request, 100) + "'");
        }
        return matcher;
    }
}
