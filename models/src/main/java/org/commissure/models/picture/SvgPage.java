package org.commissure.models.picture;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** An SVG document under construction that follows the reader's light or dark scheme. Not thread-safe. */
public final class SvgPage {
    private static final String STYLE = "svg{background:#fff;color:#1a1a1a;font:13px system-ui,sans-serif}"
            + "text{fill:currentColor}.grid{stroke:currentColor;opacity:.15}.axis{stroke:currentColor}"
            + "rect{fill:none;stroke:currentColor}path{fill:none;stroke-width:1.6}"
            + ".c0{stroke:#1f6feb}.c1{stroke:#bc4c00}.c2{stroke:#1a7f37}.c3{stroke:#8250df}.c4{stroke:#bf3989}.c5{stroke:#1b7c83}"
            + ".reference{stroke:#6e7781;stroke-dasharray:6 4}circle{fill:#1f6feb;opacity:.55}"
            + ".mean{stroke:#bc4c00;stroke-width:3}"
            + "@media (prefers-color-scheme:dark){svg{background:#0d1117;color:#e6edf3}circle{fill:#58a6ff}"
            + ".c0{stroke:#58a6ff}.c1,.mean{stroke:#f0883e}.c2{stroke:#56d364}.c3{stroke:#bc8cff}.c4{stroke:#ff7b72}.c5{stroke:#76e3ea}"
            + ".reference{stroke:#8b949e}}";

    private final StringBuilder svg = new StringBuilder();

    public SvgPage(int width, int height, String title) {
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\">\n<title>%s</title>\n"
                        + "<style>%s</style>\n",
                width, height, escape(title), STYLE);
        text(20, 24, "start", "font-weight=\"600\"", title);
    }

    public void text(double x, double y, String anchor, String attributes, String text) {
        add("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" %s>%s</text>\n", x, y, anchor, attributes, escape(text));
    }

    public void line(String style, double x1, double y1, double x2, double y2) {
        add("<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n", style, x1, y1, x2, y2);
    }

    public void dot(double x, double y, String tooltip) {
        add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\"><title>%s</title></circle>\n", x, y, escape(tooltip));
    }

    public void path(String style, String points) {
        add("<path class=\"%s\" d=\"%s\"/>\n", style, points);
    }

    /** A picture stretched over a square, without smoothing, in a frame. */
    public void image(double x, double y, double side, String base64Png) {
        add(
                "<image x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" preserveAspectRatio=\"none\""
                        + " style=\"image-rendering:pixelated\" href=\"data:image/png;base64,%s\"/>\n",
                x, y, side, side, base64Png);
        add("<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>\n", x, y, side, side);
    }

    /** The whole document. */
    public String end() {
        return svg + "</svg>\n";
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values));
    }

    public static String number(double value) {
        return value == 0
                ? "0"
                : new BigDecimal(value)
                        .round(new MathContext(3))
                        .stripTrailingZeros()
                        .toPlainString();
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
