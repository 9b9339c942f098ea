package org.commissure.protocol.logging;

import java.util.Locale;
import org.commissure.protocol.UserError;
import org.slf4j.Logger;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** How a serving process writes its log; {@code logback.xml} includes a file of that name. */
public enum LogFormat {
    /** A line for people. */
    TEXT,
    /** One JSON object a line, with the fields of {@link LogContext}, for programs that collect logs. */
    JSON;

    /** What {@code logback.xml} asks for: a property of the virtual machine, or a variable of the environment. */
    public static final String VARIABLE = "COMMISSURE_LOG_FORMAT";

    /** Chooses this format for the whole process, gRPC's own log included; call it before anything is logged. */
    public void choose() {
        System.setProperty(VARIABLE, name().toLowerCase(Locale.ROOT));
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }

    /** Says a line of the command itself: as JSON it is an event of the log, so that all that is printed is JSON. */
    public void say(Logger log, String line) {
        if (this == JSON) {
            log.info("{}", line);
        } else {
            System.out.println(line);
            System.out.flush();
        }
    }

    /** Says what ended the process. @return whether that was said; the command line says it otherwise */
    public boolean complain(Logger log, UserError error) {
        if (this == JSON) {
            log.error("{}; remedy: {}", error.getMessage(), error.remedy());
        }
        return this == JSON;
    }
}
