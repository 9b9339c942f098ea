@org.jspecify.annotations.NullMarked
package org.commissure.site.console;
