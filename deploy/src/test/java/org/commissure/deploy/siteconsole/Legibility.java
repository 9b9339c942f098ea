package org.commissure.deploy.siteconsole;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.commissure.deploy.browser.Browser;

/** Measures a page as it is drawn. */
final class Legibility {
    /** WCAG 2.2, success criterion 1.4.3, level AA, text of normal size. */
    static final double CONTRAST = 4.5;

    /** Relative luminance and contrast ratio by WCAG 2.2's definitions; the ground is the nearest opaque one. */
    private static final String WORST = """
            const luminance = c => { const [r, g, b] = c.map(v => { v /= 255;
              return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4 });
              return 0.2126 * r + 0.7152 * g + 0.0722 * b };
            const colour = text => text.match(/[\\d.]+/g).map(Number);
            const ground = node => { for (let n = node; n; n = n.parentElement) {
              const c = colour(getComputedStyle(n).backgroundColor);
              if (c.length < 4 || c[3] > 0) return c.slice(0, 3) } return [255, 255, 255] };
            let worst = 99, where = '';
            for (const node of document.querySelectorAll('body *')) {
              const shown = [...node.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
              if (!shown || !node.getClientRects().length) continue;
              const [a, b] = [luminance(colour(getComputedStyle(node).color).slice(0, 3)), luminance(ground(node))];
              const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
              if (ratio < worst) { worst = ratio; where = node.outerHTML.slice(0, 120) }
            }
            return [worst, where];
            """;

    private Legibility() {}

    /** @param ratio of the text that stands out least from its ground */
    record Contrast(double ratio, String where) {}

    static Contrast worstContrast(Browser browser) {
        List<?> found = (List<?>) measured(browser, WORST);
        return new Contrast(((Number) found.get(0)).doubleValue(), String.valueOf(found.get(1)));
    }

    /** CSS pixels by which the page is wider than its window. */
    static long overhang(Browser browser) {
        Object wider = measured(browser, "const d = document.documentElement; return d.scrollWidth - d.clientWidth");
        return ((Number) wider).longValue();
    }

    private static Object measured(Browser browser, String script) {
        return Objects.requireNonNull(browser.driver().executeScript(script), "a script that returns something");
    }

    /** As the reader's system asks for. */
    static void scheme(Browser browser, String scheme) {
        browser.driver()
                .executeCdpCommand(
                        "Emulation.setEmulatedMedia",
                        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** A window of that many CSS pixels: half of the screen's at 200 %. */
    static void width(Browser browser, int pixels) {
        browser.driver()
                .executeCdpCommand(
                        "Emulation.setDeviceMetricsOverride",
                        Map.of("width", pixels, "height", 900, "deviceScaleFactor", 1, "mobile", false));
    }
}
