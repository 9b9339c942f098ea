package org.commissure.deploy.browser;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Measures what a page looks like, in the browser itself. */
public final class Readability {
    /** Of WCAG 2.2, 1.4.3 (AA): 4.5 to 1, and 3 to 1 for large text. */
    private static final String CONTRAST = """
            const channel = (c) => { c /= 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
            const parse = (text) => { const n = text.match(/[\\d.]+/g).map(Number); return n.length < 4 ? [...n, 1] : n; };
            const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
            const behind = (element) => {
              for (let e = element; e; e = e.parentElement) {
                const colour = parse(getComputedStyle(e).backgroundColor);
                if (colour[3] === 1) return colour;
              }
              return [255, 255, 255, 1];
            };
            const bad = [];
            let measured = 0;
            const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            while (walker.nextNode()) {
              const element = walker.currentNode.parentElement;
              const box = element.getBoundingClientRect();
              if (!walker.currentNode.data.trim() || !box.width || box.right < 0 || element.closest(':disabled, script, noscript')) continue;
              const style = getComputedStyle(element);
              if (style.visibility === 'hidden') continue;
              const a = luminance(parse(style.color)), b = luminance(behind(element));
              const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
              const size = parseFloat(style.fontSize);
              const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
              measured++;
              if (ratio < (large ? 3 : 4.5)) bad.push(`${ratio.toFixed(2)} ${walker.currentNode.data.trim().slice(0, 40)}`);
            }
            return { measured, bad };
            """;

    private static final String SIDEWAYS = """
            const width = document.documentElement.clientWidth;
            return { width, scroll: document.documentElement.scrollWidth,
              beyond: [...document.querySelectorAll('main *, header *, nav *')]
                .filter((e) => e.getBoundingClientRect().right > width + 1 && getComputedStyle(e).position !== 'absolute'
                  && !e.closest('thead'))
                .map((e) => e.tagName + '.' + e.className + ' ' + e.textContent.trim().slice(0, 30)) };
            """;

    private Readability() {}

    /** @param bad texts whose contrast is below AA, with it */
    public record Contrast(long measured, List<?> bad) {}

    public static Contrast contrast(Browser browser) {
        Map<?, ?> result = (Map<?, ?>) browser.script(CONTRAST);
        return new Contrast(number(result, "measured"), list(result, "bad"));
    }

    /** @param beyond elements that reach over the right edge */
    public record Width(long window, long content, List<?> beyond) {}

    public static Width width(Browser browser) {
        Map<?, ?> result = (Map<?, ?>) browser.script(SIDEWAYS);
        return new Width(number(result, "width"), number(result, "scroll"), list(result, "beyond"));
    }

    private static long number(Map<?, ?> result, String name) {
        return ((Number) Objects.requireNonNull(result.get(name), name)).longValue();
    }

    private static List<?> list(Map<?, ?> result, String name) {
        return (List<?>) Objects.requireNonNull(result.get(name), name);
    }
}
