package org.commissure.site.cluster;

import java.util.regex.Pattern;
import org.commissure.protocol.UserError;

/** Where fits run. */
public sealed interface ClusterAddress {
    /** @param master as Spark writes it: {@code spark://HOST:PORT}, or {@code local[N]} for threads of one process */
    record Spark(String master) implements ClusterAddress {}

    /** A script that the user submits. */
    record Slurm() implements ClusterAddress {}

    Pattern MASTER = Pattern.compile("spark://[^/:\\s]+:\\d{1,5}(,[^/:\\s]+:\\d{1,5})*|local(\\[(\\*|[1-9]\\d*)])?");

    /** @throws UserError if the text is none of the forms */
    static ClusterAddress of(String text) {
        if (text.equals("slurm")) {
            return new Slurm();
        }
        if (!MASTER.matcher(text).matches()) {
            throw new UserError(
                    "--cluster is '" + text + "'", "give spark://HOST:PORT, local, local[N], local[*] or slurm");
        }
        return new Spark(text.equals("local") ? "local[*]" : text);
    }
}
