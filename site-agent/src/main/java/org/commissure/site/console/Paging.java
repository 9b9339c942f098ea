package org.commissure.site.console;

import java.util.List;

/**
 * A part of a long table.
 *
 * @param page from 1
 * @param of pages in all, at least 1
 */
record Paging(int page, int of, int total) {
    static final int ROWS = 50;

    static Paging of(Ask ask, int total) {
        int pages = Math.max(1, (total + ROWS - 1) / ROWS);
        return new Paging(Math.clamp(number(ask.query().getOrDefault("page", "1")), 1, pages), pages, total);
    }

    private static int number(String page) {
        return page.matches("[0-9]{1,6}") ? Integer.parseInt(page) : 1;
    }

    <T> List<T> of(List<T> all) {
        return all.subList(Math.min(all.size(), (page - 1) * ROWS), Math.min(all.size(), page * ROWS));
    }

    void links(Markup out, String address) {
        if (of == 1) {
            return;
        }
        out.open("nav", "class", "pages", "aria-label", "Pages of this table");
        if (page > 1) {
            out.link(address + "?page=1", "First").link(address + "?page=" + (page - 1), "Previous");
        }
        out.element("span", "page " + page + " of " + of + ", " + total + " rows");
        if (page < of) {
            out.link(address + "?page=" + (page + 1), "Next").link(address + "?page=" + of, "Last");
        }
        out.close();
    }
}
