package org.commissure.coordinator.cli;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.commissure.privacy.identity.Invitation;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes an invitation for one site. */
@Command(
        name = "invite",
        description = "Writes an invitation with a one-time token for one site. Works while 'serve' runs.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  commissure coordinator invite --home /srv/commissure --site NYU --out nyu.json",
            "",
            "The file holds a secret: hand it to the site privately. It is good once, for one site."
        })
final class InviteCommand implements Callable<Integer> {
    @Mixin
    private HomeOption home = new HomeOption();

    @Option(names = "--site", required = true, paramLabel = "NAME", description = "The site's name from now on.")
    private String site = "";

    @Option(names = "--out", paramLabel = "FILE", description = "Where to write it (default: invitation-NAME.json).")
    private @Nullable Path out;

    @Option(
            names = "--valid-hours",
            defaultValue = "24",
            description = "Life of the token (default: ${DEFAULT-VALUE}).")
    private int validHours;

    @Option(names = "--json", description = "Print the facts (not the token) as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        if (validHours < 1 || validHours > 24 * 30) {
            throw new UserError("--valid-hours is " + validHours, "choose 1 to 720 hours");
        }
        Invitation invitation = home.home().invite(site, validHours, Clock.systemUTC());
        Path file = out == null ? Path.of("invitation-" + site + ".json") : out;
        invitation.write(file);
        String expires = Instant.ofEpochMilli(invitation.expiresUnixMs()).toString();
        if (json) {
            Json.print(new TreeMap<>(Map.of(
                    "site",
                    site,
                    "file",
                    file.toString(),
                    "expires",
                    expires,
                    "authoritySha256",
                    invitation.authoritySha256())));
        } else {
            System.out.println("invitation for " + site + " written to " + file + ", valid until " + expires);
            System.out.println("authority fingerprint (compare out of band): " + invitation.authoritySha256());
        }
        return 0;
    }
}
