package org.commissure.protocol;

import java.io.PrintWriter;

/** What every command line says of a failure. */
public final class CommandFailure {
    private CommandFailure() {}

    /**
     * Says what was wrong and what to do about it. Of a defect, which nobody outside can put right, it also gives the stack
     * trace, for the report.
     */
    public static void explain(Throwable problem, PrintWriter err) {
        if (problem instanceof UserError error) {
            err.println("error: " + error.getMessage());
            err.println("remedy: " + error.remedy());
        } else {
            err.println("error: unexpected: " + problem);
            err.println("remedy: report this with the lines below");
            problem.printStackTrace(err);
        }
        err.flush();
    }
}
