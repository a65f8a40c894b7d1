// Compares the schemas that a provider gives with the recorded ones:
//
//	provider-check RECORDED SCHEMA
//
// SCHEMA is what `tofu providers schema -json` prints. Says what differs, and
// exits with 1 if anything does.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"maps"
	"os"
	"reflect"
	"slices"
)

// Differences that are printed.
const most = 10

type recording struct {
	Source      string         `json:"source"`
	Resources   map[string]any `json:"resources"`
	DataSources map[string]any `json:"data_sources"`
}

type schema struct {
	Block map[string]any `json:"block"`
}

type provider struct {
	Resources   map[string]schema `json:"resource_schemas"`
	DataSources map[string]schema `json:"data_source_schemas"`
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		log.Fatal("usage: provider-check RECORDED SCHEMA")
	}
	var recorded recording
	read(os.Args[1], &recorded)
	var given struct {
		Providers map[string]provider `json:"provider_schemas"`
	}
	read(os.Args[2], &given)
	var found []string
	for _, p := range given.Providers {
		found = append(compare(recorded.Resources, p.Resources), compare(recorded.DataSources, p.DataSources)...)
	}
	if len(given.Providers) != 1 {
		log.Fatalf("there are the schemas of %d providers, not of one", len(given.Providers))
	}
	for _, one := range found[:min(most, len(found))] {
		log.Print(one)
	}
	if len(found) > most {
		log.Printf("and %d more differences", len(found)-most)
	}
	if len(found) > 0 {
		os.Exit(1)
	}
}

func read(path string, into any) {
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		log.Fatalf("%s: %v", path, err)
	}
}

// compare holds each recorded type against the one of that name.
func compare(recorded map[string]any, given map[string]schema) []string {
	var found []string
	for _, name := range slices.Sorted(maps.Keys(recorded)) {
		if one, exists := given[name]; exists {
			found = append(found, differences(name, recorded[name], one.Block)...)
		} else {
			found = append(found, name+": is recorded, and the provider has none")
		}
	}
	return found
}

// Words for people, in what the provider gives and not in the recording.
var unrecorded = []string{"description", "description_kind"}

// differences says where what is given is not what is recorded. What is false or
// zero may be left out of either.
func differences(at string, recorded, given any) []string {
	was, isObject := recorded.(map[string]any)
	is, isToo := given.(map[string]any)
	if !isObject || !isToo {
		if isZero(recorded) && isZero(given) || reflect.DeepEqual(recorded, given) {
			return nil
		}
		return []string{fmt.Sprintf("%s: recorded is %v, given is %v", at, recorded, given)}
	}
	names := maps.Clone(was)
	maps.Copy(names, is)
	var found []string
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if !slices.Contains(unrecorded, name) {
			found = append(found, differences(at+"."+name, was[name], is[name])...)
		}
	}
	return found
}

func isZero(value any) bool {
	if value == nil {
		return true
	}
	object, isObject := value.(map[string]any)
	return isObject && len(object) == 0 || reflect.ValueOf(value).IsZero()
}
