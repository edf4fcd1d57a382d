package io.densespark.benchmark.report;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.knowm.xchart.internal.chartpart.Chart;

/** Pieces of an HTML page. All text that goes in is escaped. */
public final class Html {
    private Html() {}

    /**
     * A page that needs nothing else.
     *
     * @param title which stands above the body, too
     * @param body of pieces of this class
     */
    public static String page(String title, String body) {
        return """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%s</title>
                <style>
                body { font: 16px/1.5 system-ui, sans-serif; color: #222; background: #fff; max-width: 60rem;
                  margin: 2rem auto; padding: 0 1rem; }
                h1 { font-size: 1.7rem; margin-bottom: 0; }
                h2 { font-size: 1.2rem; margin-top: 2.5rem; }
                pre { background: #f4f4f4; padding: 0.7rem 1rem; white-space: pre-wrap; overflow-wrap: anywhere; }
                table { border-collapse: collapse; font-size: 0.9rem; font-variant-numeric: tabular-nums; }
                th, td { border-bottom: 1px solid #ddd; padding: 0.3rem 0.8rem 0.3rem 0; text-align: right; }
                td { white-space: nowrap; }
                .facts td { white-space: normal; }
                th:first-child, td:first-child, .facts td { text-align: left; }
                .scroll { overflow-x: auto; margin-bottom: 1.2rem; }
                figure { margin: 1.5rem 0; }
                figure img { width: 100%%; height: auto; }
                figcaption { font-size: 0.9rem; color: #555; }
                </style>
                </head>
                <body>
                <h1>%s</h1>
                %s</body>
                </html>
                """.formatted(escape(title), escape(title), body);
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    public static String heading(String text) {
        return "<h2>" + escape(text) + "</h2>\n";
    }

    public static String paragraph(String text) {
        return "<p>" + escape(text) + "</p>\n";
    }

    public static String code(String text) {
        return "<pre><code>" + escape(text) + "</code></pre>\n";
    }

    /** A table with the names of its columns above; each row has as many cells. */
    public static String table(List<String> columns, List<List<String>> rows) {
        return "<div class=\"scroll\"><table>\n<thead>" + row(columns, "th scope=\"col\"", "th") + "</thead>\n<tbody>\n"
                + rows.stream().map(cells -> row(cells, "td", "td") + "\n").collect(Collectors.joining())
                + "</tbody></table></div>\n";
    }

    /** A table of names and values. */
    public static String table(Map<String, String> values) {
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

    /**
     * A plot as an SVG picture, with a text below it. It travels within the page, as a document of its own: ids in one picture don't meet
     * those of another.
     *
     * @param plot whose title tells what it shows to those who don't see it
     */
    public static String figure(Chart<?, ?> plot, String caption) {
        String data = Base64.getEncoder().encodeToString(SvgDocument.of(plot).getBytes(StandardCharsets.UTF_8));
        return "<figure>\n<img src=\"data:image/svg+xml;base64," + data + "\" alt=\"" + escape(plot.getTitle())
                + "\">\n<figcaption>" + escape(caption) + "</figcaption>\n</figure>\n";
    }
}
