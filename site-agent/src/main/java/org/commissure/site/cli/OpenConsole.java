package org.commissure.site.cli;

import java.time.Clock;
import java.util.Optional;
import org.commissure.protocol.UserError;
import org.commissure.site.console.ConsoleAddress;
import org.commissure.site.console.SiteConsole;
import org.commissure.site.enrolment.SiteHome;
import org.commissure.site.round.SiteAgent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The console beside an agent, if one is wanted and can be had: rounds do not depend on it. */
final class OpenConsole implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OpenConsole.class);

    private final SiteHome home;
    private final Optional<SiteConsole> console;

    private OpenConsole(SiteHome home, Optional<SiteConsole> console) {
        this.home = home;
        this.console = console;
    }

    /** Never fails: a console that does not start is told, and the agent serves without. */
    static OpenConsole beside(SiteAgent agent, SiteHome home, Optional<ConsoleAddress> address) {
        return new OpenConsole(home, address.flatMap(wanted -> start(agent, home, wanted)));
    }

    private static Optional<SiteConsole> start(SiteAgent agent, SiteHome home, ConsoleAddress address) {
        try {
            return Optional.of(SiteConsole.start(home, address, Clock.systemUTC(), () -> Optional.of(agent.state())));
        } catch (UserError e) {
            LOG.warn("the site serves without its console: {}; remedy: {}", e.getMessage(), e.remedy());
        } catch (RuntimeException | LinkageError e) {
            LOG.error("the site serves without its console", e);
        }
        return Optional.empty();
    }

    /** The token goes to a terminal only: what a service prints ends in a journal that others may read. */
    void tell() {
        console.ifPresent(opened -> {
            if (System.console() != null && System.console().isTerminal()) {
                System.out.println("the site's console: " + opened.url());
            } else {
                LOG.info(
                        "the site's console is at {}; the address that opens it: commissure site console --url --home {}",
                        opened.address(),
                        home.directory());
            }
        });
    }

    @Override
    public void close() {
        console.ifPresent(SiteConsole::close);
    }
}
