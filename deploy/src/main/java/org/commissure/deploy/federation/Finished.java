package org.commissure.deploy.federation;

import java.util.List;
import org.commissure.protocol.UserError;

/** A command of the launcher that has ended. */
public record Finished(List<String> arguments, int exit, String output, String errors) {

    /** @throws UserError with what the command said, if it did not end with 0 */
    public Finished orThrow() {
        if (exit != 0) {
            throw new UserError(
                    "`commissure " + String.join(" ", arguments) + "` ended with " + exit + ": "
                            + (errors + output).strip(),
                    "see the command's --help");
        }
        return this;
    }

    /** Everything it said. */
    public String everything() {
        return output + errors;
    }
}
