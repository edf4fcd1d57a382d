package io.densespark.spark.settings;

import io.densespark.data.files.Obstacle;
import io.densespark.spark.JobException;
import java.io.Reader;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingEndEvent;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.StreamEndEvent;

/**
 * Reads the lines {@code key: value} of one YAML document. It goes by the parser's events: nothing is built of what isn't
 * wanted, so that aliases cost nothing, and every error knows its line.
 */
final class RecipeReader {
    private final String name;
    private final Iterator<Event> events;
    private final Map<String, Integer> lines = new LinkedHashMap<>();
    private SettingValues values = SettingValues.NONE;

    private RecipeReader(String name, Iterator<Event> events) {
        this.name = name;
        this.events = events;
    }

    /**
     * Reads a recipe.
     *
     * @param name for messages
     * @throws JobException naming recipe, line and key
     */
    static SettingValues read(Reader text, String name) {
        try {
            return new RecipeReader(
                            name, new Yaml(new LoaderOptions()).parse(text).iterator())
                    .document();
        } catch (MarkedYAMLException e) {
            Optional<Mark> mark = Optional.ofNullable(e.getProblemMark());
            throw new JobException(
                    name
                            + mark.map(RecipeReader::line)
                                    .map(line -> ", line " + line)
                                    .orElse("") + ": no valid YAML: " + e.getProblem(),
                    e);
        } catch (YAMLException e) {
            throw new JobException(name + ": no valid YAML: " + Obstacle.reason(e), e);
        }
    }

    private SettingValues document() {
        events.next(); // the beginning of the stream
        if (events.next() instanceof StreamEndEvent) {
            throw new JobException(name + " is empty: it must have lines of the form 'key: value'");
        }
        Event root = events.next();
        if (!(root instanceof MappingStartEvent)) {
            throw new JobException(at(root) + ": a recipe has lines of the form 'key: value', and this is "
                    + (isEmpty(root) ? "an empty document" : "none"));
        }
        for (Event key = events.next(); !(key instanceof MappingEndEvent); key = events.next()) {
            add(key, events.next());
        }
        events.next(); // the end of the document
        Event next = events.next();
        if (next instanceof DocumentStartEvent) {
            throw new JobException(
                    at(next) + ": a second YAML document begins here, a recipe is one: give each a file of its own");
        }
        return values;
    }

    private void add(Event keyEvent, Event value) {
        if (!(keyEvent instanceof ScalarEvent scalar)) {
            throw new JobException(at(keyEvent) + ": a key must be the name of a setting");
        }
        String key = scalar.getValue();
        Setting<?> setting = here(keyEvent, () -> SettingValues.known(key));
        Integer earlier = lines.putIfAbsent(key, line(keyEvent.getStartMark()));
        if (earlier != null) {
            throw new JobException(at(keyEvent) + ": setting " + key + " is given twice, first in line " + earlier
                    + ": leave one out");
        }
        if (value instanceof AliasEvent alias) {
            throw new JobException(at(value) + ": setting " + key + " is the alias *" + alias.getAnchor()
                    + ": write the value itself");
        }
        if (!(value instanceof ScalarEvent text) || isEmpty(value)) {
            throw new JobException(at(value) + ": setting " + key + " must have one value");
        }
        values = here(value, () -> with(values, setting, text.getValue()));
    }

    private static <T> SettingValues with(SettingValues values, Setting<T> setting, String text) {
        return values.with(setting, setting.parse(text));
    }

    /** Tells where it was if something is wrong. */
    private <T> T here(Event event, java.util.function.Supplier<T> step) {
        try {
            return step.get();
        } catch (JobException e) {
            throw new JobException(at(event) + ": " + e.getMessage(), e);
        }
    }

    private static boolean isEmpty(Event event) {
        return event instanceof ScalarEvent scalar
                && scalar.isPlain()
                && (scalar.getValue().isEmpty()
                        || scalar.getValue().equals("~")
                        || scalar.getValue().equals("null"));
    }

    private String at(Event event) {
        return name + ", line " + line(event.getStartMark());
    }

    private static int line(Mark mark) {
        return mark.getLine() + 1;
    }
}
