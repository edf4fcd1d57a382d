package io.densespark.benchmark.report;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Pieces of an HTML page. All text that goes in is escaped; only {@link #figure} takes markup. */
final class Html {
    private Html() {}

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    static String heading(String text) {
        return "<h2>" + escape(text) + "</h2>\n";
    }

    static String paragraph(String text) {
        return "<p>" + escape(text) + "</p>\n";
    }

    static String code(String text) {
        return "<pre><code>" + escape(text) + "</code></pre>\n";
    }

    /** A table with the names of its columns above; each row has as many cells. */
    static String table(List<String> columns, List<List<String>> rows) {
        return "<div class=\"scroll\"><table>\n<thead>" + row(columns, "th scope=\"col\"", "th") + "</thead>\n<tbody>\n"
                + rows.stream().map(cells -> row(cells, "td", "td") + "\n").collect(Collectors.joining())
                + "</tbody></table></div>\n";
    }

    /** A table of names and values. */
    static String table(Map<String, String> values) {
        return "<div class=\"scroll\"><table class=\"facts\"><tbody>\n"
                + values.entrySet().stream()
                        .map(entry -> "<tr><th scope=\"row\">" + escape(entry.getKey()) + "</th><td>"
                                + escape(entry.getValue()) + "</td></tr>\n")
                        .collect(Collectors.joining())
                + "</tbody></table></div>\n";
    }

    private static String row(List<String> cells, String open, String close) {
        return cells.stream()
                .map(cell -> "<" + open + ">" + escape(cell) + "</" + close + ">")
                .collect(Collectors.joining("", "<tr>", "</tr>"));
    }

    /** A plot with a text below it. */
    static String figure(String svg, String caption) {
        return "<figure>\n" + svg + "\n<figcaption>" + escape(caption) + "</figcaption>\n</figure>\n";
    }
}
