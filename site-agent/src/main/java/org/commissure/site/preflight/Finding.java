package org.commissure.site.preflight;

/**
 * One check's result.
 *
 * @param remedy what to do; empty where {@code ok}
 */
public record Finding(String check, boolean ok, String found, String remedy) {
    static Finding good(String check, String found) {
        return new Finding(check, true, found, "");
    }

    static Finding bad(String check, String found, String remedy) {
        return new Finding(check, false, found, remedy);
    }
}
