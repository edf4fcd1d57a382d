package io.densespark.benchmark.report;

import java.awt.Dimension;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.apache.batik.svggen.SVGGraphics2DIOException;
import org.apache.batik.svggen.SVGIDGenerator;
import org.knowm.xchart.internal.chartpart.Chart;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** Plots as SVG elements that stand in an HTML page. */
final class SvgPlot {
    private static final String NAMESPACE = "http://www.w3.org/2000/svg";
    /** Of coordinates, in pixels: with four, a page would be twice as long. */
    private static final int DECIMALS = 2;

    /** An id that Batik gives to an element of every plot. */
    private static final String COMMON_ID = "genericDefs";

    private SvgPlot() {}

    /**
     * The plot as one {@code svg} element. All text in it is outlines: it looks the same everywhere.
     *
     * @param id prefix of the ids in it, unique in the page
     */
    static String of(Chart<?, ?> chart, String id) {
        SVGGeneratorContext context = SVGGeneratorContext.createDefault(document());
        context.setComment(null);
        context.setPrecision(DECIMALS);
        context.setIDGenerator(new SVGIDGenerator() {
            @Override
            public String generateID(String prefix) {
                return super.generateID(id + "-" + prefix);
            }
        });
        SVGGraphics2D graphics = new SVGGraphics2D(context, false);
        Dimension size = new Dimension(chart.getWidth(), chart.getHeight());
        graphics.setSVGCanvasSize(size);
        chart.paint(graphics, size.width, size.height);
        Element root = graphics.getRoot();
        root.setAttribute("viewBox", "0 0 " + size.width + " " + size.height);
        root.setAttribute("role", "img");
        root.setAttribute("aria-label", chart.getTitle());
        StringWriter out = new StringWriter();
        try {
            graphics.stream(root, out, true, false);
        } catch (SVGGraphics2DIOException e) {
            throw new UncheckedIOException(e);
        }
        // A page has no place for the declarations of a document.
        String text = out.toString();
        return text.substring(text.indexOf("<svg")).replace(COMMON_ID, id + "-" + COMMON_ID);
    }

    private static Document document() {
        try {
            return DocumentBuilderFactory.newDefaultInstance()
                    .newDocumentBuilder()
                    .getDOMImplementation()
                    .createDocument(NAMESPACE, "svg", null);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
    }
}
