package org.commissure.site.console;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.commissure.protocol.UserError;

/** What surrounds every page. */
final class Frame {
    private record Place(String path, String name) {}

    /** In the order of a steward's morning. */
    private static final List<Place> PLACES = List.of(
            new Place("", "Overview"),
            new Place("plans", "Plans"),
            new Place("cohort", "Cohort"),
            new Place("consent", "Consent"),
            new Place("ledger", "Ledger"),
            new Place("receipts", "Receipts"),
            new Place("log", "Log"),
            new Place("certificates", "Certificates"),
            new Place("policy", "Policy"));

    private static final String REFRESH_SECONDS = "2";

    private final String site;

    Frame(String site) {
        this.site = site;
    }

    String page(Ask ask, View view) {
        return page(view.title(), view.refreshes(), out -> {
            navigation(out, ask);
            out.open("main", "id", "content", "tabindex", "-1");
            ask.session().takeNotice().ifPresent(notice -> notice(out, notice));
            out.element("h1", view.title());
            view.body().accept(out);
            out.close();
        });
    }

    /** Where something could not be done or read. */
    String problem(Ask ask, UserError problem) {
        return page(
                ask,
                new View(
                        "This cannot be shown",
                        Map.of(),
                        out -> notice(
                                out,
                                new Sessions.Notice(false, String.valueOf(problem.getMessage()), problem.remedy()))));
    }

    /** For somebody who did not show the token. */
    String entrance(String text) {
        return page("Site console", false, out -> {
            out.open("main");
            out.element("h1", "Site console");
            out.element("p", text);
            out.element("p", "The person who runs the agent prints the address that opens it:");
            out.command("commissure site console --url --home DIR");
            out.close();
        });
    }

    /** Goes on by itself: a cookie that was just set is not sent along a redirect that another page began. */
    static String admitted(String base) {
        Markup out = new Markup();
        out.open("html", "lang", "en").open("head").empty("meta", "charset", "utf-8");
        out.empty("meta", "http-equiv", "refresh", "content", "0;url=" + base + "/");
        out.element("title", "Site console").close().open("body");
        out.link(base + "/", "Open the console");
        return "<!DOCTYPE html>\n" + out.close().close().end();
    }

    private String page(String title, boolean refreshes, Consumer<Markup> body) {
        Markup out = new Markup();
        out.open("html", "lang", "en").open("head").empty("meta", "charset", "utf-8");
        out.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        if (refreshes) {
            out.empty("meta", "http-equiv", "refresh", "content", REFRESH_SECONDS);
        }
        out.element("title", title + " · " + site);
        out.empty("link", "rel", "stylesheet", "href", "/style.css");
        out.open("script", "type", "module", "src", "/live.js").close();
        out.close().open("body");
        out.element("a", "Skip to the content", "class", "skip", "href", "#content");
        out.open("header")
                .element("p", "Commissure · site " + site, "class", "brand")
                .close();
        body.accept(out);
        out.open("footer");
        out.element("p", "This page is for this hospital only. Research use, not for clinical decisions.");
        return "<!DOCTYPE html>\n" + out.close().close().close().end();
    }

    private static void navigation(Markup out, Ask ask) {
        out.open("nav", "class", "places", "aria-label", "Pages").open("ul");
        String here =
                ask.path().contains("/") ? ask.path().substring(0, ask.path().indexOf('/')) : ask.path();
        for (Place place : PLACES) {
            out.open("li");
            if (place.path().equals(here)) {
                out.element("a", place.name(), "href", ask.link(place.path()), "aria-current", "page");
            } else {
                out.link(ask.link(place.path()), place.name());
            }
            out.close();
        }
        out.close().close();
    }

    private static void notice(Markup out, Sessions.Notice notice) {
        out.open(
                "div",
                "class",
                notice.good() ? "notice good" : "notice bad",
                "role",
                notice.good() ? "status" : "alert");
        out.element("p", notice.text());
        if (!notice.remedy().isEmpty()) {
            out.element("p", "What to do: " + notice.remedy());
        }
        out.close();
    }
}
