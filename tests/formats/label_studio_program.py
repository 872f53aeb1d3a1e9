"""What Label Studio's own SDK says of `tasks.json`, and what it makes itself; run by a Python that has it."""

from __future__ import annotations

import json
from pathlib import Path

from label_studio_sdk.converter import Converter  # type: ignore[import-not-found]
from label_studio_sdk.label_interface import LabelInterface  # type: ignore[import-not-found]
from label_studio_sdk.label_interface.objects import PredictionValue  # type: ignore[import-not-found]

CONFIGURATION = """<View>
  <Relations><Relation value="made_by"/><Relation value="fragment"/></Relations>
  <Labels name="label" toName="text"><Label value="claim"/><Label value="actor"/><Label value="location"/></Labels>
  <Text name="text" value="$text"/>
  <Choices name="form" toName="text" perRegion="true"><Choice value="direct"/><Choice value="indirect"/></Choices>
  <Choices name="stance" toName="text" perRegion="true"><Choice value="supports"/><Choice value="opposes"/></Choices>
  <TextArea name="entity" toName="text" perRegion="true"/>
</View>"""

if __name__ == "__main__":
    interface = LabelInterface(CONFIGURATION)
    works = [
        work
        for task in json.loads(Path("tasks.json").read_text("utf-8"))
        for work in (*task["annotations"], *task["predictions"])
    ]
    # As its validator of predictions says what is wrong, annotations go through it, too.
    errors = [interface.validate_prediction(work, return_errors=True) for work in works]
    Converter(CONFIGURATION, project_dir=None).convert("tasks.json", "converted", "JSON_MIN", is_dir=False)
    converted = json.loads(Path("converted", "result.json").read_text("utf-8"))
    regions = interface.create_regions({"label": [{"start": 3, "end": 11, "labels": ["actor"]}]})
    made = PredictionValue(result=regions, model_version="m").model_dump()
    task = {"data": {"text": "🙂 Ana Ruiz spoke."}, "predictions": [made]}
    said = {"errors": errors, "converted": converted, "made": task}
    Path("said.json").write_text(json.dumps(said), "utf-8")
