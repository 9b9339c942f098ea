package org.commissure.site.page;

/** The frame of a page to print: nothing in it is fetched from anywhere. */
public final class Html {
    private static final String HEAD = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>%1$s</title>
            <style>
            body { font: 15px/1.5 system-ui, sans-serif; max-width: 70em; margin: 2em auto; padding: 0 1em; color: #1b1f24 }
            table { border-collapse: collapse; width: 100%%; margin: 1em 0 }
            th, td { text-align: left; vertical-align: top; padding: .3em .6em; border-bottom: 1px solid #d5dae0 }
            th { border-bottom: 2px solid #57606a } code { font-size: .92em; overflow-wrap: anywhere }
            .count { font-size: 1.6em; font-weight: 600 } @media print { body { margin: 0; font-size: 11px } }
            </style></head><body>
            <h1>%1$s</h1>
            """;

    private Html() {}

    /** Up to the heading; close with {@code </body></html>}. @param title plain text */
    public static String head(String title) {
        return HEAD.formatted(escape(title));
    }

    public static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
