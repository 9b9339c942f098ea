package org.commissure.site.console;

import java.util.List;
import java.util.Map;
import org.commissure.site.storage.ConsentStore;

/** Patients who withdraw, or consent again; shown by salted hash only. */
final class ConsentPage implements Page {
    private static final List<String> COLUMNS = List.of("When", "Change", "Patient's salted hash", "In the ledger");

    private final ConsoleHome home;

    ConsentPage(ConsoleHome home) {
        this.home = home;
    }

    @Override
    public View view(Ask ask) {
        List<ConsentStore.Change> changes = home.consent().changes().reversed();
        int withdrawn = home.consent().withdrawn();
        Paging paging = Paging.of(ask, changes.size());
        Map<String, Object> facts = Map.of(
                "withdrawn",
                withdrawn,
                "paging",
                paging,
                "changes",
                paging.of(changes).stream().map(ConsentStore.Change::facts).toList());
        return new View("Consent", facts, out -> {
            out.open("p")
                    .element("span", Integer.toString(withdrawn), "class", "count")
                    .text(withdrawn == 1 ? " patient has withdrawn" : " patients have withdrawn")
                    .close();
            form(
                    out,
                    ask,
                    "withdraw",
                    "Note a withdrawal",
                    "The patient takes part in no sum from the next one on, also in a run under way. What was spent stays spent;"
                            + " released models stay as they are. The id does not leave this form: it is neither shown again nor logged.");
            form(out, ask, "renew", "Note that a patient consents again", "Both stay in the ledger.");
            out.table(
                    "Changes, newest first",
                    COLUMNS,
                    paging.of(changes).stream().map(ConsentPage::row).toList(),
                    "Nobody has withdrawn.");
            paging.links(out, ask.link("consent"));
        });
    }

    private static void form(Markup out, Ask ask, String action, String legend, String consequence) {
        out.open("form", "method", "post", "action", ask.link("consent/" + action), "autocomplete", "off");
        out.open("fieldset").element("legend", legend).element("p", consequence);
        DecisionForms.hidden(out, "csrf", ask.session().csrf());
        out.open("p").open("label").text("Participant id, as in participants.tsv");
        out.empty(
                "input",
                "type",
                "text",
                "name",
                "patient",
                "required",
                "required",
                "maxlength",
                "200",
                "spellcheck",
                "false");
        out.close().close();
        if (action.equals("withdraw")) {
            out.open("p").open("label", "class", "check");
            out.empty("input", "type", "checkbox", "name", "absent", "value", "yes");
            out.text(" also if participants.tsv does not name the patient")
                    .close()
                    .close();
        }
        out.element("button", legend, "type", "submit", "class", action.equals("withdraw") ? "danger" : "plain")
                .close()
                .close();
    }

    private static List<String> row(ConsentStore.Change change) {
        Map<String, Object> facts = change.facts();
        return List.of(
                String.valueOf(facts.get("when")),
                String.valueOf(facts.get("change")),
                String.valueOf(facts.get("patient")),
                change.inLedger() ? "yes" : "not yet: the agent does it within seconds");
    }
}
