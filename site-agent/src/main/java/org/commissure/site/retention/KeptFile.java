package org.commissure.site.retention;

/**
 * One file that a run left.
 *
 * @param file relative to the site's folder
 * @param modified ISO-8601 UTC
 * @param goes whether the rule takes it
 * @param loses what nobody can do any more without it, in words
 */
public record KeptFile(String file, long bytes, String modified, boolean goes, String loses) {}
