// Program dashboard-schema decodes dashboards with Grafana's own schema and refuses unknown fields, wrong types, and
// unknown kinds of panels and queries.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/prometheus"
	"github.com/grafana/grafana-foundation-sdk/go/stat"
	"github.com/grafana/grafana-foundation-sdk/go/table"
	"github.com/grafana/grafana-foundation-sdk/go/timeseries"
)

func main() {
	runtime := cog.NewRuntime()
	runtime.RegisterPanelcfgVariant(stat.VariantConfig())
	runtime.RegisterPanelcfgVariant(table.VariantConfig())
	runtime.RegisterPanelcfgVariant(timeseries.VariantConfig())
	runtime.RegisterDataqueryVariant(prometheus.VariantConfig())
	failed := false
	for _, file := range os.Args[1:] {
		if err := check(runtime, file); err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", file, err)
			failed = true
		}
	}
	if failed {
		os.Exit(1)
	}
}

func check(runtime *cog.Runtime, file string) error {
	raw, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var kinds struct {
		Panels []struct {
			Type    string
			Targets []struct{ Datasource struct{ Type string } }
		}
	}
	if err := json.Unmarshal(raw, &kinds); err != nil {
		return err
	}
	for index, panel := range kinds.Panels {
		if _, known := runtime.ConfigForPanelcfgVariant(panel.Type); !known {
			return fmt.Errorf("panels[%d].type: expected stat, table or timeseries, got %q", index, panel.Type)
		}
		for _, target := range panel.Targets {
			if target.Datasource.Type != "prometheus" {
				return fmt.Errorf("panels[%d].targets: expected a query of prometheus, got %q", index, target.Datasource.Type)
			}
		}
	}
	return withoutDefaulted(new(dashboard.Dashboard).UnmarshalJSONStrict(raw))
}

// withoutDefaulted leaves out fields that are absent: Grafana fills in its defaults for them.
func withoutDefaulted(err error) error {
	var all cog.BuildErrors
	if !errors.As(err, &all) {
		return err
	}
	var rest []error
	for _, each := range all {
		if !strings.HasSuffix(each.Error(), "required field is missing from input") {
			rest = append(rest, each)
		}
	}
	return errors.Join(rest...)
}
