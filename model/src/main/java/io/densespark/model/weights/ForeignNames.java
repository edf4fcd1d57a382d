package io.densespark.model.weights;

import io.densespark.model.network.ParameterLayout;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Turns the names in files of other programs into our own (torchvision's of today). Known are the last norm of
 * efficient_densenet_pytorch ({@code features.norm_final}), torchvision's old names of a layer's parts ({@code
 * denselayer1.norm.1}, {@code denselayer1.conv.2}), and any common prefix, such as {@code module.} or {@code model.}.
 */
public final class ForeignNames {
    private static final String LAST_NORM = "features.norm5.";
    private static final String OTHER_LAST_NORM = "features.norm_final.";
    private static final Pattern OLD_LAYER = Pattern.compile("(.*\\.denselayer\\d+\\.(?:norm|conv))\\.([12]\\..*)");

    /** Where our names begin within a name with a prefix. */
    private static final Pattern BEGIN = Pattern.compile("(?:^|.*?\\.)(?=features\\.|classifier\\.)");

    private ForeignNames() {}

    /** Our name of a tensor whose name has no prefix. */
    public static String translate(String name) {
        Matcher old = OLD_LAYER.matcher(name);
        String parts = old.matches() ? old.group(1) + old.group(2) : name;
        return parts.startsWith(OTHER_LAST_NORM) ? LAST_NORM + parts.substring(OTHER_LAST_NORM.length()) : parts;
    }

    /**
     * Our name of each tensor that {@code layout} has, by the name in the file. Where two names in the file stand for one
     * tensor, the one that needs no translation counts, or the first.
     */
    static Map<String, String> match(Set<String> names, ParameterLayout layout) {
        Set<String> ours = Stream.concat(layout.parameters().stream(), layout.runningStatistics().stream())
                .map(parameter -> parameter.name())
                .collect(Collectors.toSet());
        Map<String, Map<String, String>> byPrefix = new LinkedHashMap<>();
        for (String name : names) {
            Matcher begin = BEGIN.matcher(name);
            if (begin.lookingAt()) {
                String own = translate(name.substring(begin.end()));
                if (ours.contains(own)) {
                    byPrefix.computeIfAbsent(begin.group(), prefix -> new LinkedHashMap<>())
                            .merge(own, name, (first, second) -> second.endsWith(own) ? second : first);
                }
            }
        }
        Map<String, String> best = Map.of();
        for (Map<String, String> matches : byPrefix.values()) {
            best = matches.size() > best.size() ? matches : best;
        }
        Map<String, String> ownByForeign = new LinkedHashMap<>();
        best.forEach((own, foreign) -> ownByForeign.put(foreign, own));
        return ownByForeign;
    }
}
