package org.commissure.site.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.commissure.privacy.durable.DurableFile;
import org.commissure.protocol.UserError;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.study.StudyException;
import org.commissure.protocol.study.StudyFile;
import org.commissure.protocol.v1.SumKind;
import org.commissure.site.policy.PolicyFile;
import org.commissure.site.policy.PolicyReview;
import org.commissure.site.policy.SitePolicy;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code site policy …}: what the hospital allows, as a file that its own people write. */
@Command(
        name = "policy",
        mixinStandardHelpOptions = true,
        description = "Write, show and check this hospital's policy. Nothing in it leaves the hospital.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Examples:",
            "  commissure site policy init policy.toml",
            "  commissure site policy check policy.toml --study study.toml",
            "  commissure site policy show --home /srv/commissure"
        })
final class SitePolicyCommand {
    @Spec
    private @Nullable CommandSpec spec;

    @Command(
            name = "init",
            mixinStandardHelpOptions = true,
            description = {
                "Write the cautious default policy, every key with its meaning.",
                "Hand it to 'site enrol --policy', or put it into an enrolled site's folder as policy.toml."
            },
            footer = {"", "Example:", "  commissure site policy init policy.toml"})
    int init(@Parameters(paramLabel = "FILE", description = "a new file") Path file) {
        if (Files.exists(file)) {
            throw new UserError(file + " exists already", "name a new file; a policy is not overwritten");
        }
        try {
            DurableFile.write(file.toAbsolutePath(), PolicyFile.DEFAULT.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UserError(file + " cannot be written: " + e.getMessage(), "choose another folder", e);
        }
        Output.of(spec).println("wrote " + file + "; read it with your privacy officer before anything is approved");
        Output.of(spec).flush();
        return 0;
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Show what an enrolled site's policy says, key by key, and whether its hours are open now.",
            footer = {"", "Example:", "  commissure site policy show --home /srv/commissure --json"})
    int show(
            @Mixin SiteHomeOption home,
            @Option(names = "--json", description = "print the facts as JSON") boolean json) {
        Path file = home.home().policy();
        SitePolicy policy = PolicyFile.read(file);
        Map<String, String> facts = new LinkedHashMap<>(PolicyFile.flat(file));
        Optional<SitePolicy.Refusal> closed =
                new PolicyReview(policy).time(Clock.systemUTC().instant());
        PrintWriter out = Output.of(spec);
        if (json) {
            Map<String, Object> all = new LinkedHashMap<>(facts);
            all.put("open_now", closed.isEmpty());
            Output.json(out, all);
        } else {
            facts.forEach((key, value) -> out.println(String.format("%-38s %s", key, value)));
            out.println(closed.map(SitePolicy.Refusal::reason).orElse("sums may begin now"));
            out.flush();
        }
        return 0;
    }

    @Command(
            name = "check",
            mixinStandardHelpOptions = true,
            description = {
                "Check a policy file; with --study also what of that study it would refuse.",
                "Exit status 1: the policy is fine, and refuses the study."
            },
            footer = {"", "Example:", "  commissure site policy check /srv/commissure/policy.toml --study study.toml"})
    int check(
            @Parameters(paramLabel = "FILE", description = "a policy.toml") Path file,
            @Option(names = "--study", paramLabel = "FILE", description = "a study, in TOML") @Nullable Path study,
            @Option(names = "--json", description = "print the facts as JSON") boolean json) {
        SitePolicy policy = PolicyFile.read(file);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("policy", file.toString());
        facts.put("valid", true);
        boolean refused = study != null && review(policy, read(study), facts);
        PrintWriter out = Output.of(spec);
        if (json) {
            Output.json(out, facts);
        } else {
            out.println(file + ": valid");
            facts.forEach((key, value) -> {
                if (!key.equals("policy") && !key.equals("valid")) {
                    out.println("  " + key + ": " + value);
                }
            });
            out.flush();
        }
        return refused ? 1 : 0;
    }

    /** @return whether any task of the study is refused */
    private static boolean review(SitePolicy policy, Study study, Map<String, Object> facts) {
        PolicyReview review = new PolicyReview(policy);
        Instant now = Clock.systemUTC().instant();
        boolean refused = false;
        for (SumKind kind : new SumKind[] {SumKind.TRAIN, SumKind.EVALUATE}) {
            Optional<SitePolicy.Refusal> refusal = review.refusal(study, kind, now);
            facts.put(
                    PolicyReview.task(kind),
                    refusal.map(SitePolicy.Refusal::toString).orElse("allowed"));
            refused |= refusal.isPresent();
        }
        return refused;
    }

    private static Study read(Path study) {
        try {
            return StudyFile.parse(Files.readString(study)).study();
        } catch (IOException e) {
            throw new UserError("the study " + study + " cannot be read", "check the path", e);
        } catch (StudyException e) {
            throw new UserError(study + ": " + e.getMessage(), "correct the key", e);
        }
    }
}
