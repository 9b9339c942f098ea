package org.commissure.site.console;

import java.util.List;
import java.util.Map;
import org.commissure.protocol.study.Study;
import org.commissure.site.plan.PlanPage;
import org.commissure.site.plan.PlanState;
import org.commissure.site.plan.SignedPlan;

/** What studies ask of this hospital. */
final class PlansPage implements Page {
    private static final List<String> COLUMNS = List.of("Plan", "Stands", "Study", "Purpose", "Legal basis", "Until");

    private final ConsoleHome home;

    PlansPage(ConsoleHome home) {
        this.home = home;
    }

    private record Row(SignedPlan plan, PlanState state) {}

    @Override
    public View view(Ask ask) {
        List<SignedPlan> plans = home.steward().book().plans();
        Paging paging = Paging.of(ask, plans.size());
        List<Row> rows = paging.of(plans).stream()
                .map(plan -> new Row(plan, home.steward().state(plan)))
                .toList();
        List<Map<String, Object>> facts = rows.stream()
                .map(row -> PlanPage.headline(row.plan(), row.state()))
                .toList();
        return new View("Plans", Map.of("plans", facts, "paging", paging), out -> {
            out.element(
                    "p",
                    "A study reaches this hospital as a signed plan, before any run of it. Nothing of it is done here until a"
                            + " steward has approved it.");
            if (plans.isEmpty()) {
                out.element("p", "No plan came yet; they come while the agent is connected.", "class", "quiet");
                return;
            }
            out.open("table").element("caption", "Newest first").head(COLUMNS).open("tbody");
            rows.forEach(row -> row(out, ask, row.plan(), row.state()));
            out.close().close();
            paging.links(out, ask.link("plans"));
        });
    }

    private static void row(Markup out, Ask ask, SignedPlan plan, PlanState state) {
        Study.Description study = plan.study().study().study();
        out.open("tr")
                .open("td", "data-label", COLUMNS.get(0))
                .link(ask.link("plans/" + plan.id()), plan.id())
                .close();
        out.open("td", "data-label", COLUMNS.get(1));
        out.element("span", state.status().label(), "class", "state " + level(state.status()))
                .close();
        out.element("td", study.name(), "data-label", COLUMNS.get(2));
        out.element("td", plan.purpose(), "data-label", COLUMNS.get(3));
        out.element("td", plan.legalBasis(), "data-label", COLUMNS.get(4));
        out.element("td", Figures.time(plan.expires()), "data-label", COLUMNS.get(5))
                .close();
    }

    static String level(PlanState.Status status) {
        return switch (status) {
            case APPROVED -> "good";
            case WAITING, HALF_APPROVED -> "wait";
            case REFUSED, REVOKED -> "bad";
        };
    }
}
