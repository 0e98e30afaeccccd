import assert from "node:assert/strict";
import { logstashSettings, pipeline } from "../../../../components/logging/logstash-config";
import { pipelineText } from "../../../../components/logging/pipeline-text";

describe("Logstash's pipeline", () => {
  const text = (domains: Record<string, string>, user?: string) =>
    pipelineText(
      pipeline({
        environment: "online",
        domains,
        kafka: { servers: ["a:9092", "b:9092"], topic: "logs", user },
        consumerThreads: 2,
        elasticsearch: { url: "https://elasticsearch:9200", user: "logstash" },
      }),
    );

  it("is the text that Logstash reads", () => {
    assert.equal(
      text({ shop: "shop.example.com", news: "news.example.com" }),
      `input {
  kafka {
    bootstrap_servers => "a:9092,b:9092"
    topics => ["logs"]
    group_id => "logstash"
    client_id => "\${POD_NAME}"
    codec => "json"
    consumer_threads => 2
    auto_offset_reset => "earliest"
    partition_assignment_strategy => "cooperative_sticky"
  }
}
filter {
  if [ltype] == "containers" {
    if [kubernetes][labels][app_kubernetes_io/part-of] == "apps" {
      translate {
        source => "[kubernetes][labels][app_kubernetes_io/name]"
        target => "domain"
        dictionary => { "shop" => "shop.example.com" "news" => "news.example.com" }
      }
    }
    if [kubernetes][namespace] == "gateway" and [kubernetes][labels][app_kubernetes_io/name] == "traefik" and [message] =~ /^\\{.*"DownstreamStatus":/ {
      json {
        source => "message"
        target => "[@metadata][access]"
        skip_on_invalid_json => true
      }
      if [@metadata][access][DownstreamStatus] {
        mutate {
          rename => { "[@metadata][access][RequestMethod]" => "[http][request][method]" "[@metadata][access][request_Referer]" => "[http][request][referrer]" "[@metadata][access][DownstreamStatus]" => "[http][response][status_code]" "[@metadata][access][RequestPath]" => "[url][path]" "[@metadata][access][RequestHost]" => "[url][domain]" "[@metadata][access][request_User-Agent]" => "[user_agent][original]" "[@metadata][access][ClientHost]" => "[client][address]" "[@metadata][access][Duration]" => "[event][duration]" "[@metadata][access][RouterName]" => "route" "[@metadata][access][ServiceName]" => "service" }
        }
        mutate {
          replace => { "ltype" => "gateway" "message" => "%{[http][request][method]} %{[url][domain]}%{[url][path]} %{[http][response][status_code]}" }
          lowercase => ["[url][domain]"]
        }
        translate {
          source => "[url][domain]"
          target => "domain"
          dictionary => { "news.example.com" => "news.example.com" "shop.example.com" => "shop.example.com" }
        }
        translate {
          source => "[url][domain]"
          target => "app"
          dictionary => { "news.example.com" => "news" "shop.example.com" => "shop" }
        }
        if [service] =~ /-stable-http-[0-9]+@kubernetesgateway$/ {
          mutate {
            add_field => { "release" => "stable" "canary" => "false" }
          }
        }
        if [service] =~ /-canary-http-[0-9]+@kubernetesgateway$/ {
          mutate {
            add_field => { "release" => "canary" "canary" => "true" }
          }
        }
      }
    }
  }
  else {
    dissect {
      mapping => { "[log][file][path]" => "/data/nodelogs/%{}/%{}/%{domain}/%{[kubernetes][pod][name]}/%{[log][file][name]}" }
    }
  }
  if ![domain] {
    mutate {
      add_field => { "domain" => "platform" }
    }
  }
  mutate {
    lowercase => ["domain"]
    remove_field => ["[event][original]", "@version"]
  }
  translate {
    source => "domain"
    target => "[@metadata][stream]"
    dictionary => { "news.example.com" => "news.example.com" "shop.example.com" => "shop.example.com" }
    fallback => "platform"
  }
}
output {
  elasticsearch {
    hosts => ["https://elasticsearch:9200"]
    index => "applogs-online-%{[@metadata][stream]}"
    action => "create"
    data_stream => "false"
    manage_template => false
    ilm_enabled => false
    user => "logstash"
    password => "\${ELASTICSEARCH_PASSWORD}"
    ssl_enabled => true
    ssl_certificate_authorities => ["/etc/logstash/tls/ca.crt"]
  }
}
`,
    );
  });

  it("logs in to Kafka with quotes that the pipeline's text can contain", () => {
    const login = text({}, "client");
    assert.match(login, /security_protocol => "SASL_SSL"/);
    assert.match(
      login,
      /sasl_jaas_config => 'org\.apache\.kafka\.common\.security\.plain\.PlainLoginModule required username="client" password="\$\{KAFKA_PASSWORD\}";'/,
    );
  });

  it("has no dictionary without apps", () => {
    assert.equal(text({}).match(/translate/g)?.length, 1);
    assert.match(text({}), /dictionary => \{ +\}/);
  });

  it("refuses a text with both kinds of quotes", () => {
    const step = { plugin: "mutate", settings: { a: `"'` } };
    assert.throws(() => pipelineText({ input: [], filter: [step], output: [] }), /both kinds/);
  });

  it("keeps on its disk what it read from Kafka, and what Elasticsearch refused", () => {
    const settings = logstashSettings(3);
    assert.equal(settings["queue.type"], "persisted");
    assert.equal(settings["queue.max_bytes"], "3gb");
    assert.equal(settings["dead_letter_queue.enable"], true);
    assert.equal(settings["dead_letter_queue.storage_policy"], "drop_older");
  });
});
