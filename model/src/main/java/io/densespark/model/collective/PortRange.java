package io.densespark.model.collective;

import io.densespark.model.ModelException;
import java.io.Serializable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The TCP ports on which a rank may listen, both ends included; {@link #ANY} leaves the choice to the operating system.
 *
 * @param first from 1 to 65535, or 0 with 0 for {@code last}
 * @param last not less than {@code first}
 */
public record PortRange(int first, int last) implements Serializable {
    /** No range: as in a socket's address, port 0 stands for any free one. */
    public static final PortRange ANY = new PortRange(0, 0);

    private static final int HIGHEST = 65535;
    private static final Pattern TEXT = Pattern.compile("(\\d{1,5})-(\\d{1,5})");

    public PortRange {
        boolean isAny = first == 0 && last == 0;
        if (!isAny && (first < 1 || last > HIGHEST || last < first)) {
            throw notARange(first + "-" + last);
        }
    }

    /**
     * Reads {@code FIRST-LAST}.
     *
     * @throws ModelException if it isn't a range of ports
     */
    public static PortRange parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw notARange(text);
        }
        int first = Integer.parseInt(matcher.group(1));
        if (first == 0) {
            throw notARange(text);
        }
        return new PortRange(first, Integer.parseInt(matcher.group(2)));
    }

    private static ModelException notARange(String text) {
        return new ModelException("'" + text + "' is no range of ports: write FIRST-LAST, from 1 to " + HIGHEST
                + ", such as 40000-40999");
    }

    public boolean isAny() {
        return first == 0;
    }

    public boolean contains(int port) {
        return isAny() || (first <= port && port <= last);
    }

    /** How many ports it has; of {@link #ANY}, all that there are. */
    public int size() {
        return isAny() ? HIGHEST : last - first + 1;
    }

    @Override
    public String toString() {
        return isAny() ? "any free port" : first + "-" + last;
    }
}
