package org.commissure.site.policy;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.commissure.protocol.UserError;
import org.commissure.protocol.config.HoursException;
import org.commissure.protocol.config.StrictToml;
import org.commissure.protocol.config.TomlException;

/** The policy on disk. It is read again at every invitation, so that a change needs no restart. */
public final class PolicyFile {
    /** What a newly enrolled site starts with: cautious, and explained. */
    public static final String DEFAULT = """
            # What this hospital allows. Commissure reads this file at every invitation to a round;
            # nothing in it ever leaves the hospital. A key that is not known here is an error.

            [allowed]
            # Purposes for which the data may be used, as the study states them; "*" is any purpose.
            purposes = ["*"]
            # "train": send masked, noised updates. "evaluate": send masked evaluation sums.
            tasks = ["train", "evaluate"]
            # Code of the site's agent that may work here (commissure site plans show prints the hash); "*" is any.
            code = ["*"]
            # Commitments to cohorts that may be used (commissure site plans show prints it); "*" is any.
            data = ["*"]
            # The last day on which anything is allowed. Without the key there is none.
            # until = "2027-06-30"

            [privacy]
            # Epsilon that may ever be spent on this cohort, over all studies together. A round that
            # would exceed it is refused before training. The ledger is never reset.
            epsilon_budget = 8.0
            # A study with a larger delta is refused; keep it well below 1 / patients.
            maximum_delta = 1e-5
            # true lets a study train WITHOUT differential privacy.
            allow_no_noise = false

            [secure_aggregation]
            # No sum of fewer sites than this is ever opened.
            minimum_sites = 3
            # Fewest sites whose shares may open a secret.
            minimum_threshold = 3
            # A study must withstand at least so many sites that collude with the coordinator.
            minimum_colluders = 1

            [cohort]
            # With fewer admitted patients than this the site takes no part.
            minimum_patients = 10

            # When sums may begin here; without this table at any time. A window that ends before it begins
            # lasts over midnight; days are mon to sun, and daily.
            # [hours]
            # zone = "Europe/Zurich"
            # open = ["mon-fri 19:00-06:30", "sat-sun 00:00-24:00"]

            [leaving]
            # Beside names, keys, signatures, hashes and times, without which no round works, only these
            # leave in clear: "progress" in tenths, the "reason" of a refusal or failure, "epsilon" spent and
            # left, "agent_version".
            in_clear = ["progress", "reason", "epsilon", "agent_version"]
            # The number of admitted patients leaves with noise of this epsilon, drawn once for each cohort and
            # charged to the budget: with 0.25 it is right within 12 patients in 95 of 100 cohorts, with 0.5
            # within 6. With 0, or without the key, no number leaves.
            cohort_counts_epsilon = 0.25

            [approval]
            # A study does nothing here before a steward has approved its signed plan (commissure site plans).
            required = true
            # 2: two different stewards must approve, each with a key of their own.
            stewards = 1
            # Public keys of the stewards, as 'commissure site stewards new' prints them. Without any,
            # whoever may write to this folder may approve.
            keys = []
            """;

    private PolicyFile() {}

    /** @throws UserError naming file, line, key and the remedy */
    public static SitePolicy read(Path file) {
        try {
            return parse(file, Files.readString(file));
        } catch (CharacterCodingException e) {
            throw new UserError("the policy " + file + " is not UTF-8 text", "save it as UTF-8", e);
        } catch (IOException e) {
            throw new UserError(
                    "the policy " + file + " cannot be read", "restore it; without a policy nothing is allowed", e);
        }
    }

    /** Every key that the file states, with its value. @throws UserError as {@link #read} */
    public static Map<String, String> flat(Path file) {
        var unused = read(file);
        try {
            return StrictToml.flat(Files.readString(file));
        } catch (TomlException | IOException e) {
            throw new UserError("the policy " + file + " changed while it was read", "try again", e);
        }
    }

    /** @param file for the message only */
    static SitePolicy parse(Path file, String text) {
        try {
            return StrictToml.parse(text, SitePolicy.class);
        } catch (PolicyException e) {
            throw wrong(file, text, e.key(), e.remedy(), e);
        } catch (HoursException e) {
            throw wrong(file, text, e.key(), e.remedy(), e);
        } catch (TomlException e) {
            throw new UserError(
                    at(file, e.line()) + e.getMessage(),
                    "correct it; 'commissure site policy init' writes every key with its meaning",
                    e);
        }
    }

    private static UserError wrong(Path file, String text, String key, String remedy, RuntimeException e) {
        return new UserError(at(file, StrictToml.lineOf(text, key)) + String.valueOf(e.getMessage()), remedy, e);
    }

    private static String at(Path file, int line) {
        return file + (line > 0 ? ":" + line : "") + ": ";
    }
}
