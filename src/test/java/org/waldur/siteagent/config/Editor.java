package org.waldur.siteagent.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.util.List;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** What an editor with the schema says about a config: it reads YAML 1.2, and merges maps. */
public final class Editor {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonSchema SCHEMA = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(ConfigSchema.node());

    private Editor() {
    }

    /** Empty if the schema allows the config. */
    public static List<String> mistakes(String yaml) {
        LoadSettings settings = LoadSettings.builder().setAllowDuplicateKeys(true).setAllowNonScalarKeys(true).setSchema(new CoreSchema()).build();
        JsonNode config = JSON.valueToTree(new Load(settings).loadFromString(yaml.replaceFirst("^\uFEFF", "")));
        return SCHEMA.validate(config).stream().map(ValidationMessage::getMessage).toList();
    }
}
