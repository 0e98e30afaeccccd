import { writeBoard } from "../cli/board/write";
import { boardIn } from "../test/unit/cli/board/support";
import { Project } from "../test/unit/cli/fleet/support";

/** `bench/make-board.ts <project folder> <out>`: creates the board of its apps from their files and records. */
const [folder = "", out = ""] = process.argv.slice(2);
const project = new Project(folder);
project.recordAll();
writeBoard(boardIn(project), out);
