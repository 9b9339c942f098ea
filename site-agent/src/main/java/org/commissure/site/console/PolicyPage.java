package org.commissure.site.console;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.commissure.site.policy.PolicyFile;
import org.commissure.site.policy.PolicyReview;
import org.commissure.site.policy.SitePolicy;

/** What this hospital allows. Read only: its people change the file. */
final class PolicyPage implements Page {
    private final ConsoleHome home;

    PolicyPage(ConsoleHome home) {
        this.home = home;
    }

    @Override
    public View view(Ask ask) {
        Map<String, String> keys = PolicyFile.flat(home.home().policy());
        Optional<SitePolicy.Refusal> closed =
                new PolicyReview(home.policy()).time(home.clock().instant());
        Map<String, Object> facts = new LinkedHashMap<>(keys);
        facts.put("open_now", closed.isEmpty());
        return new View("Policy", facts, out -> {
            out.element(
                    "p",
                    "What this hospital allows. No coordinator can change it; nothing in it leaves but the reason of a refusal.");
            out.open("p");
            out.element(
                            "span",
                            closed.map(SitePolicy.Refusal::reason).orElse("Sums may begin now"),
                            "class",
                            "state " + (closed.isEmpty() ? "good" : "wait"))
                    .close();
            out.table(
                    home.home().policy().toString(),
                    List.of("Key", "Says"),
                    keys.entrySet().stream()
                            .map(entry -> List.of(entry.getKey(), entry.getValue()))
                            .toList(),
                    "");
            out.element(
                    "p",
                    "Change the file with your privacy officer, then check it; the agent reads it at every invitation:");
            out.command("commissure site policy check " + home.home().policy());
        });
    }
}
