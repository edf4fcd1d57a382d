package io.densespark.benchmark.report;

import java.awt.Dimension;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.apache.batik.svggen.SVGGraphics2DIOException;
import org.knowm.xchart.internal.chartpart.Chart;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** Plots as SVG, by Batik's Graphics2D: of those for SVG the one whose licence is as permissive as this program's. */
final class SvgDocument {
    private static final String NAMESPACE = "http://www.w3.org/2000/svg";
    /** Of coordinates, in pixels: with four, a plot would be twice as long. */
    private static final int DECIMALS = 2;

    private SvgDocument() {}

    /** The plot as the text of an SVG file. All text in it is outlines: it looks the same everywhere. */
    static String of(Chart<?, ?> chart) {
        SVGGeneratorContext context = SVGGeneratorContext.createDefault(emptyDocument());
        context.setComment(null);
        context.setPrecision(DECIMALS);
        SVGGraphics2D graphics = new SVGGraphics2D(context, false);
        Dimension size = new Dimension(chart.getWidth(), chart.getHeight());
        graphics.setSVGCanvasSize(size);
        chart.paint(graphics, size.width, size.height);
        Element root = graphics.getRoot();
        root.setAttribute("viewBox", "0 0 " + size.width + " " + size.height);
        StringWriter out = new StringWriter();
        try {
            graphics.stream(root, out, true, false);
        } catch (SVGGraphics2DIOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString();
    }

    private static Document emptyDocument() {
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
