package org.commissure.site.console;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.commissure.protocol.study.Study;
import org.commissure.site.cohort.Admission;
import org.commissure.site.cohort.CohortCheck;
import org.commissure.site.cohort.CohortRules;
import org.commissure.site.cohort.Rejection;
import org.commissure.site.cohort.reading.SeriesReading;
import org.commissure.site.plan.SignedPlan;

/** Who of the folder takes part and who does not, with the file, the reason and what to do: as {@code cohort check}. */
final class CohortAdmissionPage implements Page {
    private static final List<String> REASONS = List.of("Reason", "Participants", "What to do");
    private static final List<String> REJECTED =
            List.of("Participant", "File", "Reason", "What is wrong", "What to do");

    private final ConsoleHome home;
    private final Background<CohortCheck> checks;

    CohortAdmissionPage(ConsoleHome home, Background<CohortCheck> checks) {
        this.home = home;
        this.checks = checks;
    }

    @Override
    public View view(Ask ask) {
        Optional<Study> study = study();
        if (study.isEmpty()) {
            return new View("Cohort", Map.of("checked", false), out -> {
                out.element("p", "No study has said yet what series it needs. Check the folder by rules of your own:");
                out.command("commissure cohort check " + home.settings().data());
            });
        }
        CohortRules rules = CohortRules.of(study.get());
        String name = study.get().study().name();
        Background.State<CohortCheck> state = checks.of(
                rules.toString(), () -> CohortCheck.of(home.data(), rules, SeriesReading.ofParcels(rules.parcels())));
        return switch (state) {
            case Background.Running<CohortCheck> running ->
                new View(
                        "Cohort",
                        Map.of(
                                "checked",
                                false,
                                "reading_since",
                                running.since().toString()),
                        out -> out.element(
                                "p",
                                "Reading every series of " + home.settings().data()
                                        + " once. This page goes on by itself."),
                        true);
            case Background.Failed<CohortCheck> failed ->
                new View("Cohort", Map.of("checked", false, "error", failed.what(), "remedy", failed.remedy()), out -> {
                    out.element("p", failed.what(), "class", "notice bad");
                    out.element("p", "What to do: " + failed.remedy());
                    again(out, ask, rules);
                });
            case Background.Done<CohortCheck> done -> checked(ask, name, rules, done);
        };
    }

    /** The newest that was asked for, or else published. */
    private Optional<Study> study() {
        return Stream.concat(
                        home.steward().book().plans().stream()
                                .map(SignedPlan::study)
                                .map(file -> file.study()),
                        home.sums(1).stream().flatMap(row -> home.study(row).stream()))
                .findFirst();
    }

    private View checked(Ask ask, String study, CohortRules rules, Background.Done<CohortCheck> done) {
        CohortCheck check = done.value();
        List<Rejection> rejected =
                check.sites().stream().flatMap(site -> site.rejected().stream()).toList();
        Paging paging = Paging.of(ask, rejected.size());
        Map<String, Object> facts = new LinkedHashMap<>(check.toJson());
        facts.put("checked", true);
        facts.put("checked_at", done.at().toString());
        return new View("Cohort", facts, out -> {
            out.element("p", "This page names participants. It stays in this hospital.", "class", "quiet");
            out.open("p")
                    .element("span", Integer.toString(check.admitted()), "class", "count")
                    .text(" admitted, ");
            out.element("span", Integer.toString(check.rejected()), "class", "count")
                    .text(" rejected")
                    .close();
            int withdrawn = home.consent().withdrawn();
            if (withdrawn > 0) {
                out.element("p", "Withdrawn, and so in no sum whatever the folder says: " + withdrawn + ".");
            }
            out.open("dl").fact("Folder", check.folder().toString());
            out.fact("Asked by", "study '" + study + "'").fact("Rules", CohortCheck.text(rules));
            out.fact("Read", Figures.time(done.at())).close();
            again(out, ask, rules);
            if (rejected.isEmpty()) {
                out.element("p", "Nobody is rejected.");
                return;
            }
            out.table("Why participants take no part", REASONS, reasons(check), "");
            List<List<String>> rows =
                    paging.of(rejected).stream().map(CohortAdmissionPage::row).toList();
            out.table("Who takes no part", REJECTED, rows, "");
            paging.links(out, ask.link("cohort"));
        });
    }

    private static List<List<String>> reasons(CohortCheck check) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        Map<String, String> fixes = new LinkedHashMap<>();
        for (Admission site : check.sites()) {
            for (Rejection rejection : site.rejected()) {
                counts.merge(rejection.reason().code(), 1, Integer::sum);
                fixes.put(rejection.reason().code(), rejection.fix());
            }
        }
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .map(entry ->
                        List.of(entry.getKey(), entry.getValue().toString(), fixes.getOrDefault(entry.getKey(), "")))
                .toList();
    }

    private static List<String> row(Rejection rejection) {
        return List.of(
                rejection.participantId(),
                rejection.file(),
                rejection.reason().code(),
                rejection.message(),
                rejection.fix());
    }

    private static void again(Markup out, Ask ask, CohortRules rules) {
        out.open("form", "method", "post", "action", ask.link("cohort/again"), "class", "inline");
        DecisionForms.hidden(out, "csrf", ask.session().csrf());
        DecisionForms.hidden(out, "rules", rules.toString());
        out.element("button", "Read the folder again", "type", "submit").close();
    }
}
