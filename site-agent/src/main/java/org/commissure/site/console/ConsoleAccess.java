package org.commissure.site.console;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commissure.privacy.durable.DurableFile;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.protocol.UserError;
import org.commissure.site.enrolment.SiteHome;

/**
 * Who may open the console: whoever can read the file {@code console.url} (0600) of the site's home. It holds the
 * console's address with a random token of 256 bits; delete it to have a new one made.
 *
 * <p>Browsers share cookies between all ports of one host, so a server of another user of the machine could be sent the
 * session's cookie. It is therefore bound to a path that follows from the token and that nobody else can name.
 */
public final class ConsoleAccess {
    private static final Pattern TOKEN = Pattern.compile("\\?token=([0-9a-f]{64})$");
    private static final int PATH_DIGITS = 16;

    private final String token;
    private final String base;

    private ConsoleAccess(String token) {
        this.token = token;
        this.base = "/c-" + sha256("commissure site console path\0" + token).substring(0, PATH_DIGITS);
    }

    /** The home's token, made and kept where there is none. */
    static ConsoleAccess open(SiteHome home, SecureRandom random) {
        Matcher known = TOKEN.matcher(Files.exists(file(home)) ? address(home) : "");
        if (known.find()) {
            return new ConsoleAccess(known.group(1));
        }
        byte[] fresh = new byte[32];
        random.nextBytes(fresh);
        return new ConsoleAccess(HexFormat.of().formatHex(fresh));
    }

    /** The address that opens the console, of the last start. @throws UserError if there was none */
    public static String address(SiteHome home) {
        try {
            return Files.readString(file(home), StandardCharsets.US_ASCII).strip();
        } catch (IOException e) {
            throw new UserError(
                    "no console was started for " + home.directory(),
                    "start one: commissure site console --home DIR, or commissure site serve --console-port PORT",
                    e);
        }
    }

    private static Path file(SiteHome home) {
        return home.directory().resolve("console.url");
    }

    /** Keeps and returns the address with the token. */
    String publish(SiteHome home, ConsoleAddress address) {
        String url = "http://" + address.authority() + "/?token=" + token;
        try {
            DurableFile.writeSecret(file(home), (url + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UserError(
                    file(home) + " cannot be written: " + e.getMessage(), "check the folder's permissions", e);
        }
        return url;
    }

    /** The path that all pages lie under, without a slash at its end. */
    String base() {
        return base;
    }

    /** Compares in constant time. */
    boolean admits(String offered) {
        return same(token, offered);
    }

    static boolean same(String secret, String offered) {
        return MessageDigest.isEqual(secret.getBytes(StandardCharsets.UTF_8), offered.getBytes(StandardCharsets.UTF_8));
    }

    static String sha256(String text) {
        return HexFormat.of()
                .formatHex(SignedMessages.sha256(ByteString.copyFromUtf8(text)).toByteArray());
    }

    @Override
    public String toString() {
        return "ConsoleAccess[]";
    }
}
